import Settings
import Synchronization

/// The models of the roles of a file, each made when it is first asked for, and kept. For any number of threads.
package final class RoleModels: Sendable {
    private let whole: Model
    /// In the file's order.
    package let views: [RoleView]
    private let made = Mutex<[String: Model]>([:])

    /// Holds every role against the model, which costs little; makes no role's model.
    ///
    /// - Throws: everything that does not fit, of all roles.
    package init(_ access: AccessSettings, in model: Model) throws(SettingsErrors) {
        var views: [RoleView] = []
        var problems: [SettingsProblem] = []
        for role in access.roles {
            do throws(SettingsErrors) {
                views.append(try RoleView(role, in: model, file: access.file))
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw SettingsErrors(problems) }
        whole = model
        self.views = views
    }

    /// What the role of exactly that name sees; nil where there is none.
    package func view(ofRole name: String) -> RoleView? { views.first { $0.role.name.value == name } }

    /// The model of the role of exactly that name; nil where there is none.
    package subscript(role name: String) -> Model? {
        if let known = made.withLock({ $0[name] }) { return known }
        guard let view = view(ofRole: name) else { return nil }
        // Two that ask at once may both make it, and get the same one.
        let model = whole.restricted(to: view)
        return made.withLock { made in
            let kept = made[name] ?? model
            made[name] = kept
            return kept
        }
    }
}
