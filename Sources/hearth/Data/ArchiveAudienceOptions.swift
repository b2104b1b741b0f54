import Access
import ArgumentParser
import Exchange
import HTTPService
import Model
import Query

/// For whom an archive is written.
struct ArchiveAudienceOptions: ParsableArguments {
    @Option(
        name: [.customLong("profile"), .customLong("masking-profile")],
        help: ArgumentHelp(
            "For whom: INTERNAL, which holds everything, or a masking profile of the rules of access. Standard: INTERNAL; of masked rows, "
                + "whom they were masked for.", valueName: "name"))
    var profile: String?

    @Option(help: ArgumentHelp("As which role of the profile it is seen, where there are several.", valueName: "role"))
    var role: String?

    @Option(
        name: .customLong("claim"),
        help: ArgumentHelp(
            "What is known of who sees it, as area=420115, where the role's rows depend on it; several, also of one name.",
            valueName: "name=value"))
    var claims: [String] = []

    @OptionGroup var access: AccessOptions

    func validate() throws {
        for claim in claims where Self.claim(claim) == nil {
            throw ValidationError("--claim is a name and a value, as area=420115; found '\(claim)'.")
        }
    }

    private static func claim(_ text: String) -> (name: String, value: String)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, Claim.isName(parts[0]), Claim.isValue(parts[1]) else { return nil }
        return (parts[0], parts[1])
    }

    /// The rules, where they are needed: what holds everything needs none.
    func rules(root: String?) throws(Failure) -> AccessRoles {
        if profile ?? Masking.unmasked == Masking.unmasked { return AccessRoles() }
        return try access.roles(root: root)
    }

    /// - Returns: Nil where everything that the register holds is written.
    func audience(
        _ rules: AccessRoles, _ model: Model, _ files: [ModelSource], _ limits: QueryLimits
    ) throws(Failure) -> ArchiveAudience? {
        let profiles = try rules.profiles(in: model, files: files, limits: limits)
        do throws(ArchiveError) {
            let masking = try profiles.masking(profile, role: role, claims: claims.compactMap(Self.claim))
            return try masking.map { masking throws(ArchiveError) in try profiles.audience(masking) }
        } catch {
            throw Failure(error)
        }
    }
}
