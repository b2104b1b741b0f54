/// A value of a YAML file, with its place. Scalars stay text: what `no`, `010` or `1_000` means is for the setting to say, not
/// for YAML.
struct YAMLValue: Hashable {
    indirect enum Content: Hashable {
        case text(String)
        case list([YAMLValue])
        case mapping([Member])
        /// Nothing was written.
        case nothing
    }
    struct Member: Hashable {
        var key: String
        var line: Int
        var value: YAMLValue
    }

    var content: Content
    var line: Int

    /// For a message.
    var kind: String {
        switch content {
        case .text(let text): "'\(text.prefix(60))'"
        case .list: "a list"
        case .mapping: "a mapping"
        case .nothing: "nothing"
        }
    }
}
