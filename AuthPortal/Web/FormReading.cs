using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace AuthPortal.Web;

/// <summary>
/// How a page's form is read: by the names that our pages write, and a box is ticked or it is not. What else a
/// stranger writes is passed over, where the framework would fail.
/// </summary>
internal static class FormReading
{
    public static void Configure(MvcOptions options)
    {
        // jQuery's way to write names (Input[Email]): half of one throws.
        options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
        options.ModelBinderProviders.Insert(0, new TickReader());
    }

    /// <summary>The framework keeps whatever was sent for a box, and then can't draw the box again.</summary>
    private sealed class TickReader : IModelBinderProvider, IModelBinder
    {
        public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
            context.Metadata.ModelType == typeof(bool) ? this : null;

        public Task BindModelAsync(ModelBindingContext bindingContext)
        {
            var name = bindingContext.ModelName;
            var sent = bindingContext.ValueProvider.GetValue(name);
            if (sent == ValueProviderResult.None)
                return Task.CompletedTask;

            // A ticked box sends two: its own, and that of the hidden field behind it.
            var isTicked = sent.FirstValue is "true";
            bindingContext.ModelState.SetModelValue(name, $"{isTicked}", $"{isTicked}");
            bindingContext.Result = ModelBindingResult.Success(isTicked);
            return Task.CompletedTask;
        }
    }
}
