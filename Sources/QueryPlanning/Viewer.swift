/// Who asks. Every plan is made for a role, and every request is answered for one viewer.
package struct Viewer: Hashable, Sendable {
    /// The role whose rights hold; part of the key under which plans are kept.
    package var role: String
    /// What a token says of the person, in the order given; row scopes may name it.
    package var claims: [Claim]

    package struct Claim: Hashable, Sendable {
        package var name: String
        package var value: String
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(role: String, claims: [Claim] = []) {
        self.role = role
        self.claims = claims
    }

    /// Who asks where no keys exist: sees everything.
    package static let local = Viewer(role: "local")
}
