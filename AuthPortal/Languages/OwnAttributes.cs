using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc.DataAnnotations;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;
using Microsoft.Extensions.Localization;

namespace AuthPortal.Languages;

/// <summary>The framework translates what its own attributes say; through this also what ours say.</summary>
internal sealed class OwnAttributes : IValidationAttributeAdapterProvider
{
    private readonly ValidationAttributeAdapterProvider _frameworks = new();

    public IAttributeAdapter? GetAttributeAdapter(ValidationAttribute attribute, IStringLocalizer? stringLocalizer) =>
        _frameworks.GetAttributeAdapter(attribute, stringLocalizer) ?? new Adapter(attribute, stringLocalizer);

    private sealed class Adapter(ValidationAttribute attribute, IStringLocalizer? words)
        : AttributeAdapterBase<ValidationAttribute>(attribute, words)
    {
        public override void AddValidation(ClientModelValidationContext context)
        {
            // Nothing is checked in the browser by script.
        }

        public override string GetErrorMessage(ModelValidationContextBase validationContext) =>
            GetErrorMessage(validationContext.ModelMetadata, validationContext.ModelMetadata.GetDisplayName());
    }
}
