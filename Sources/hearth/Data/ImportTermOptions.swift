import ArgumentParser
import Exchange
import Model

/// On which terms the rows of files change the data.
struct ImportTermOptions: ParsableArguments {
    @Flag(name: .customLong("dry-run"), help: "Checks the files against the data, and applies nothing.")
    var isDryRun = false

    @Flag(help: "Of every type that the files bring, removes the rows that they do not bring.")
    var full = false

    @Option(
        name: .customLong("skip-bad-rows"),
        help: ArgumentHelp(
            "Leaves rows out with which something is wrong, up to this share of all: 0.01 or 1%. Without it, one refuses the whole.",
            valueName: "share"))
    var skippedShare: BadRowShare?

    @Option(
        name: .customLong("change-id"),
        help: ArgumentHelp("A name under which the files are applied once, however often they are sent.", valueName: "name"))
    var changeID: String?

    @Option(
        name: .customLong("expect-version"),
        help: ArgumentHelp("Refuses where the data is at another version.", valueName: "number"))
    var expectedVersion: String?

    @Option(
        name: .customLong("override"),
        help: ArgumentHelp(
            "Lets rows pass that do not keep a SOFT check, and says why; once for each.", valueName: "check=reason"))
    var overrides: [String] = []

    @Option(help: ArgumentHelp("Why, for those who read the journal.", valueName: "text"))
    var reason: String?

    func validate() throws {
        if full, skippedShare != nil {
            throw ValidationError("--full would remove the rows that --skip-bad-rows leaves out; take one of the two.")
        }
        for text in overrides where !text.contains("=") {
            throw ValidationError("--override is a check and a reason, as check=reason; found '\(text)'.")
        }
    }

    /// Whether any of them means something only where rows are loaded. An override also counts where files are checked alone.
    var needData: Bool {
        isDryRun || full || skippedShare != nil || changeID != nil || expectedVersion != nil || reason != nil
    }

    var terms: ImportTerms {
        var terms = ImportTerms()
        terms.removesMissing = full
        terms.badRowShare = skippedShare?.value
        terms.isDryRun = isDryRun
        terms.expectedVersion = expectedVersion
        terms.changeID = changeID
        terms.reason = reason
        terms.overrides = overrides.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return ChangeRequest.Override(check: parts[0], reason: parts.count > 1 ? parts[1] : "")
        }
        return terms
    }
}

/// A share of all rows: `0.01` or `1%`.
struct BadRowShare: ExpressibleByArgument {
    var value: Double

    init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        guard let number = Double(isPercent ? String(argument.dropLast()) : argument) else { return nil }
        value = isPercent ? number / 100 : number
        guard value >= 0, value <= 1 else { return nil }
    }
}
