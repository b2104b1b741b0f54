import Expressions
import Model
import QueryPlanning

/// Which values that tell about a person may be shown.
///
/// Who asks is known here, so that roles and masks have their place; today everybody sees what they ask for by name, as in `diff`.
struct PersonalView {
    let viewer: Viewer
    /// `personal: true`
    let isAsked: Bool
    let model: Model

    func shows(_ field: ModelField) -> Bool { field.personal == nil || isAsked }

    /// Whether a value may be shown: a field by its own class; what is computed in the rule itself by the fields that it reads.
    func shows(_ expression: Expression) -> Bool {
        guard !isAsked else { return true }
        if let path = expression.fieldPath(in: model.rowTypes) {
            guard let last = path.steps.last else { return true }
            return shows(model[last.type].fields[last.position])
        }
        return expression.parts.allSatisfy(shows)
    }
}
