import HTTPService
import Model
import Store
import StoreColumns

/// What a start prints: what is loaded, where it is asked, and what one might ask.
enum Greeting {
    static func text(
        _ register: OpenedRegister, _ address: ListenAddress, isEncrypted: Bool, _ examples: [Pages.Example],
        today: CivilDate
    ) -> String {
        let root = (isEncrypted ? "https://" : "http://") + "\(address)"
        let version = register.store.current
        let counts = register.model.types.map { ($0.name, version[$0.nodeType].liveRowCount) }
        let total = counts.reduce(0) { $0 + $1.1 }
        var lines = [
            "Loaded \(total) rows of \(counts.count) types in \(seconds(register.rowSeconds)) s, the model in \(seconds(register.modelSeconds)) s; "
                + "version \(version.number), as of \(today) unless asked otherwise"
        ]
        let width = counts.map(\.0.count).max() ?? 0
        for (name, count) in counts { lines.append("  \(name)\(String(repeating: " ", count: width - name.count))  \(count)") }
        lines.append("")
        lines.append("Ask at \(root)/ in a browser, or by the command line:")
        for example in examples {
            lines.append("")
            lines.append("  # \(example.titleEnglish)")
            lines.append("  curl -s \(root)/graphql -H 'Content-Type: application/json' -d '\(body(of: example))'")
        }
        lines.append("")
        lines.append("End with Ctrl-C; twice, if at once.")
        return lines.joined(separator: "\n")
    }

    /// The request's body on one line. In a shell's quotes an apostrophe must be written apart.
    private static func body(of example: Pages.Example) -> String {
        let document = example.document.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let escaped = document.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "{\"query\":\"\(escaped)\"}".replacing("'", with: "'\\''")
    }

    private static func seconds(_ seconds: Double) -> String {
        let hundredths = Int((seconds * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
