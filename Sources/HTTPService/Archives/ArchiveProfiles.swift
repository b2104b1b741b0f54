import Access
import Exchange
import Expressions
import Model
import Query

/// The masking profiles that archives are written for: as the rules name them, for a model.
package struct ArchiveProfiles: Sendable {
    /// As which archives are seen.
    package struct Role: Sendable {
        package var view: RoleView
        package var scopes: RowScopes

        package init(view: RoleView, scopes: RowScopes) {
            self.view = view
            self.scopes = scopes
        }
    }

    /// In the order of the rules, each with its roles.
    private let profiles: [(name: String, roles: [String])]
    private let roles: [String: Role]
    /// By role: the profiles for which it may have archives written.
    private let writers: [String: [String]]
    private let rules: String
    private let model: Model
    private let files: [ModelSource]
    private let limits: QueryLimits

    /// - Parameters:
    ///   - writers: By role, the profiles for which it may have archives written, and be given them.
    ///   - rules: SHA-256 of the rules, in hexadecimal digits.
    ///   - model: The whole one, and the files that it was read from.
    package init(
        _ profiles: [(name: String, roles: [String])], roles: [String: Role], writers: [String: [String]], rules: String,
        model: Model, files: [ModelSource], limits: QueryLimits
    ) {
        self.profiles = profiles
        self.roles = roles
        self.writers = writers
        self.rules = rules
        self.model = model
        self.files = files
        self.limits = limits
    }

    /// Of a model without rules: everything is written, or nothing.
    package init(of model: Model, files: [ModelSource], limits: QueryLimits) {
        self.init([], roles: [:], writers: [:], rules: "", model: model, files: files, limits: limits)
    }

    /// The profiles for which a role may have archives written.
    func written(by role: String) -> [String] { writers[role] ?? [] }

    /// Whether an archive for a profile may be seen as a role.
    func isSeen(_ profile: String, as role: String) -> Bool {
        profiles.first { $0.name == profile }?.roles.contains(role) ?? false
    }

    /// Whether what is seen depends on a claim.
    func needs(_ claim: String, profile: String, role: String?) -> Bool {
        let seenAs = role ?? profiles.first { $0.name == profile }.flatMap { $0.roles.count == 1 ? $0.roles[0] : nil }
        return seenAs.flatMap { roles[$0] }?.scopes.claims.contains { $0.name == claim } ?? false
    }

    /// Says for whom an archive is, and whether it can be written.
    ///
    /// - Parameters:
    ///   - profile: Nil: everything that the register holds.
    ///   - role: As which it is seen; needed where the profile has several.
    ///   - claims: What is known of who sees it; exactly what the role's rows depend on.
    /// - Returns: Nil where everything is written as it is.
    /// - Throws: `profile`, with what there is.
    package func masking(
        _ profile: String?, role: String? = nil, claims: [(name: String, value: String)] = []
    ) throws(ArchiveError) -> Masking? {
        if let own = model.masking {
            guard profile == nil || profile == own.profile, role == nil, claims.isEmpty else {
                throw .profile("the register's rows were masked for \(own.text); they are archived for nobody else")
            }
            return nil
        }
        guard let name = profile, name != Masking.unmasked else {
            guard role == nil, claims.isEmpty else { throw .profile("\(Masking.unmasked) holds everything, whoever sees it") }
            return nil
        }
        guard let profile = profiles.first(where: { $0.name == name }) else {
            let known = [Masking.unmasked] + profiles.map(\.name)
            throw .profile("there is no masking profile '\(name)'; there are \(known.joined(separator: ", "))")
        }
        guard let role = role ?? (profile.roles.count == 1 ? profile.roles[0] : nil), profile.roles.contains(role),
            let scopes = roles[role]?.scopes
        else {
            throw .profile(
                "an archive for \(name) is seen as \(profile.roles.joined(separator: " or "))"
                    + (role.map { ", not as '\($0)'" } ?? "; say as which"))
        }
        for claim in claims where !Claim.isName(claim.name) || !Claim.isValue(claim.value) {
            throw .profile("a claim is a name and a value, as area=420115; found '\(claim.name)=\(claim.value.prefix(100))'")
        }
        let names = scopes.claims.map(\.name)
        if let other = claims.first(where: { !names.contains($0.name) }) {
            throw .profile(
                "what \(role) sees does not depend on '\(other.name)'"
                    + (names.isEmpty ? "" : "; it depends on \(names.joined(separator: ", "))"))
        }
        do throws(ClaimProblem) {
            _ = try scopes.values(of: claims)
        } catch {
            throw .profile(error.message)
        }
        return Masking(profile: name, role: role, claims: claims.map { "\($0.name)=\($0.value)" }, rules: rules)
    }

    /// Makes what archives for somebody are made with; `masking` gave it.
    package func audience(_ masking: Masking) throws(ArchiveError) -> ArchiveAudience {
        guard let role = roles[masking.role] else { throw .profile("no role is called '\(masking.role)'") }
        let claims = masking.claims.map { text -> (name: String, value: String) in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        return try ArchiveAudience(of: model, files, role.view, role.scopes, masking, claims: claims, limits: limits)
    }
}
