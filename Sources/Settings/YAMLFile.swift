import Yams

/// Bytes → values. The only place that calls the YAML parser.
enum YAMLFile {
    /// Settings are written by hand; more than this is another kind of file.
    static let maximumByteCount = 1 << 20
    /// Values after aliases are resolved: a few lines of aliases of aliases can stand for billions.
    static let maximumValueCount = 100_000
    /// Bytes after aliases are resolved, as far as can be told without parsing.
    static let maximumExpandedByteCount = 16 << 20

    static func read(_ bytes: [UInt8], file: String) throws(SettingsErrors) -> YAMLValue {
        func fail(_ line: Int?, _ message: String) -> SettingsErrors {
            SettingsErrors([SettingsProblem(file: file, line: line, message: message)])
        }
        guard bytes.count <= maximumByteCount else {
            throw fail(nil, "the file has \(bytes.count) bytes; a settings file has at most \(maximumByteCount)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fail(nil, "the file is not UTF-8") }
        // The parser compares keys, which may be aliases, before anybody can count.
        guard AliasReach.isWithin(maximumExpandedByteCount, bytes.span) else {
            throw fail(nil, "the file stands for more than \(maximumExpandedByteCount) bytes once its aliases are followed")
        }
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch let error as YamlError {
            let (line, message) = place(of: error)
            throw fail(line, message)
        } catch {
            throw fail(nil, "the file cannot be read as YAML")
        }
        guard let root else { return YAMLValue(content: .nothing, line: 1) }
        var count = 0
        guard let value = convert(root, count: &count) else {
            throw fail(nil, "the file stands for more than \(maximumValueCount) values")
        }
        return value
    }

    /// Nil where there are too many values.
    private static func convert(_ node: Node, count: inout Int) -> YAMLValue? {
        count += 1
        guard count <= maximumValueCount else { return nil }
        let line = node.mark?.line ?? 1
        switch node {
        case .scalar(let scalar):
            let isNothing = scalar.style == .plain && (scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null")
            return YAMLValue(content: isNothing ? .nothing : .text(scalar.string), line: line)
        case .sequence(let sequence):
            var elements: [YAMLValue] = []
            for element in sequence {
                guard let value = convert(element, count: &count) else { return nil }
                elements.append(value)
            }
            return YAMLValue(content: .list(elements), line: line)
        case .mapping(let mapping):
            var members: [YAMLValue.Member] = []
            for (key, value) in mapping {
                guard let value = convert(value, count: &count) else { return nil }
                let name: String
                if case .scalar(let scalar) = key { name = scalar.string } else { name = "" }
                members.append(YAMLValue.Member(key: name, line: key.mark?.line ?? line, value: value))
            }
            return YAMLValue(content: .mapping(members), line: line)
        case .alias:
            return YAMLValue(content: .nothing, line: line)
        }
    }

    private static func place(of error: YamlError) -> (Int?, String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            (mark.line, "not YAML: \(problem) (column \(mark.column))")
        case .duplicatedKeysInMapping(let duplicates, let context):
            (
                context.mark.line,
                "in the mapping that begins here a key stands twice: "
                    + duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
            )
        case .reader(let problem, _, _, _): (nil, "not YAML: \(problem)")
        default: (nil, "the file cannot be read as YAML")
        }
    }
}
