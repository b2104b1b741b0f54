import Expressions
import Model
import QueryPlanning

/// Which values that tell about a person may be shown.
///
/// Of what the role that the model is for sees in full, everybody sees what they ask for by name, as in `diff`.
struct PersonalView {
    let viewer: Viewer
    /// `personal: true`
    let isAsked: Bool
    let model: Model

    func shows(_ field: ModelField) -> Bool { field.view.isFull && isWanted(field) }

    /// Whether it tells about nobody, or is asked for all the same.
    func isWanted(_ field: ModelField) -> Bool { field.personal == nil || isAsked }

    /// Whether a value may be shown: a field by its own class; what is computed in the rule itself by the fields that it reads.
    func shows(_ expression: Expression) -> Bool {
        guard !isAsked || model.view != nil else { return true }
        if let path = expression.fieldPath(in: model.rowTypes) {
            guard let last = path.steps.last else { return true }
            return shows(model[last.type].fields[last.position])
        }
        return expression.parts.allSatisfy(shows)
    }
}
