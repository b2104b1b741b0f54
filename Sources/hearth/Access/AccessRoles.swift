import Access

/// The roles that a server here knows.
enum AccessRoles {
    static let known = KnownRoles()

    /// Refuses to give a role away that no server would know.
    static func require(_ role: String) throws(Failure) {
        guard known.contains(role) else {
            throw Failure(code: .usage, message: "no role is called '\(role)'; there are \(known.text)")
        }
    }
}
