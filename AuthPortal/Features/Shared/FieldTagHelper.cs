using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace AuthPortal.Features;

/// <summary>
/// One field of a form, as <c>&lt;field asp-for="Input.Email" type="email" /&gt;</c>: its label, its hint, its input
/// and what is wrong with it, tied together for screen readers. Other attributes go to the input.
/// </summary>
[HtmlTargetElement("field", Attributes = "asp-for", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FieldTagHelper : TagHelper
{
    /// <summary>The bound property.</summary>
    [HtmlAttributeName("asp-for")]
    public ModelExpression For { get; set; } = null!;

    /// <summary>What to know before typing; unset, the property's description.</summary>
    public string? Hint { get; set; }

    /// <summary>Of a new password: how many characters it must have.</summary>
    public int? Minimum { get; set; }

    /// <summary>The page being rendered.</summary>
    [ViewContext, HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var name = For.Name;
        var id = Field.IdOf(name);
        var type = output.Attributes["type"]?.Value?.ToString() ?? "text";
        var entry = ViewContext.ModelState[name];
        var problem = entry?.Errors.FirstOrDefault()?.ErrorMessage;
        var hint = Hint ?? For.Metadata.Description;

        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        input.MergeAttribute("type", type);
        foreach (var attribute in output.Attributes)
            input.MergeAttribute(attribute.Name, attribute.Value?.ToString() ?? "", replaceExisting: true);
        input.MergeAttribute("id", id);
        input.MergeAttribute("name", name);
        if (For.Metadata.IsRequired)
            input.MergeAttribute("required", "required");
        if (MaxLength() is { } longest)
            input.MergeAttribute("maxlength", $"{longest}");
        if (type is "email" or "password")
        {
            input.MergeAttribute("autocapitalize", "none");
            input.MergeAttribute("spellcheck", "false"); // a shown password would go to the browser's speller
        }

        if (type == "password")
            PasswordField.Prepare(input, Minimum, ViewContext.HttpContext);
        else if (!Field.IsSecret(name))
            input.MergeAttribute("value", entry?.AttemptedValue ?? For.Model?.ToString() ?? "");
        if (!ViewContext.ModelState.IsValid)
            input.Attributes.Remove("autofocus"); // the summary has it
        Describe(input, hint is null ? null : $"{id}-hint", problem is null ? null : $"{id}-error");

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.Clear();
        output.Attributes.SetAttribute("class", "field");
        output.Content.AppendHtml(Element("label", For.Metadata.GetDisplayName(), ("for", id)));
        if (hint is not null)
            output.Content.AppendHtml(Element("p", hint, ("class", "hint"), ("id", $"{id}-hint")));
        if (problem is not null)
            output.Content.AppendHtml(Element("p", problem, ("class", "problem"), ("id", $"{id}-error")));
        output.Content.AppendHtml(
            type == "password" ? PasswordField.Around(input, id, ViewContext.HttpContext) : input);
    }

    private static void Describe(TagBuilder input, string? hint, string? problem)
    {
        if (hint is not null || problem is not null)
            input.MergeAttribute("aria-describedby", string.Join(' ', new[] { hint, problem }.OfType<string>()));
        if (problem is null)
            return;

        input.MergeAttribute("aria-invalid", "true");
    }

    private int? MaxLength() => For.Metadata.ValidatorMetadata
        .OfType<System.ComponentModel.DataAnnotations.StringLengthAttribute>().FirstOrDefault()?.MaximumLength;

    private static TagBuilder Element(
        string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        var element = new TagBuilder(name);
        foreach (var (attribute, value) in attributes)
            element.MergeAttribute(attribute, value);
        element.InnerHtml.Append(text);
        return element;
    }
}

/// <summary>How fields are named in the page.</summary>
internal static class Field
{
    public static string IdOf(string name) => name.Replace('.', '-');

    /// <summary>Whether what is typed there is neither kept nor shown again, as the house names such fields.</summary>
    public static bool IsSecret(string name) =>
        name.EndsWith("Password", StringComparison.Ordinal) || name.EndsWith("Code", StringComparison.Ordinal);
}
