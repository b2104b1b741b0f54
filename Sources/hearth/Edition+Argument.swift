import ArgumentParser
import GraphQLSyntax

/// An edition by its year: `2025` or `2026`.
extension Edition: ExpressibleByArgument {
    package init?(argument: String) {
        switch argument {
        case "2025": self = .september2025
        case "2026": self = .september2026
        default: return nil
        }
    }

    package var defaultValueDescription: String { self == .september2026 ? "2026" : "2025" }
}
