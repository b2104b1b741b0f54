import ArgumentParser
import HTTPService
import Query
import Settings

/// Every limit is a flag: `--max-body-bytes 2MiB`, as much as `--limit max-body-bytes=2MiB`.
struct LimitFlags: ParsableArguments {
    @Option(name: .customLong("limit"), help: ArgumentHelp("A limit; every limit's name is a flag too.", valueName: "name=value"))
    var settings: [String] = []

    /// The limits of the wire and those of a document, in one list.
    static let definitions: [LimitDefinition] = ServiceLimits.definitions + queryDefinitions

    /// Those of a document, which Query names and caps.
    private static let queryDefinitions: [LimitDefinition] = QueryLimits.named.map { name, path in
        LimitDefinition(
            name.rawValue, unit: name.rawValue.hasSuffix("-bytes") ? .bytes : .count, standard: QueryLimits()[keyPath: path],
            minimum: QueryLimits.minimum(of: name), hardCap: QueryLimits.hardCaps[keyPath: path])
    }

    /// The limits of a document among all.
    static func queryLimits(_ values: LimitValues) -> QueryLimits {
        var limits = QueryLimits()
        for (name, path) in QueryLimits.named { limits[keyPath: path] = values[name.rawValue] }
        return limits.capped
    }

    /// Limits as the command line changes them.
    ///
    /// - Parameter base: What holds where it says nothing.
    func values(over base: LimitValues = LimitValues(Self.definitions)) throws(Failure) -> LimitValues {
        var values = base
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let definition = Self.definitions.first(where: { $0.name == parts[0] }) else {
                throw Failure(
                    code: .usage, message: "no limit is called '\(parts.first ?? setting)'; hearth serve --help lists them")
            }
            guard let number = definition.parse(parts[1]), (definition.minimum...definition.hardCap).contains(number) else {
                let allowed = "from \(definition.minimum) to \(definition.text(definition.hardCap))"
                throw Failure(code: .usage, message: "--\(definition.name) is a number \(allowed); found '\(parts[1])'")
            }
            values[definition.name] = number
        }
        return values
    }

    /// Writes a limit's own flag as the one the parser knows.
    static func translated(_ arguments: [String]) -> [String] {
        let names = Set(definitions.map(\.name))
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                result.append(argument)
                continue
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
            guard let name = parts.first, names.contains(name) else {
                result.append(argument)
                continue
            }
            if parts.count == 2 {
                result += ["--limit", "\(name)=\(parts[1])"]
            } else if let value = rest.popFirst() {
                result += ["--limit", "\(name)=\(value)"]
            } else {
                result.append(argument)
            }
        }
        return result
    }

    /// For the help: name, standard, cap.
    static var table: String {
        let width = (definitions.map(\.name.count).max() ?? 0) + 4
        return definitions.map { definition in
            let name = "--\(definition.name)"
            return "  " + name + String(repeating: " ", count: width - name.count)
                + "\(definition.text(definition.standard)), at most \(definition.hardCap)"
        }.joined(separator: "\n")
    }
}
