/// A file to import, whole in memory.
package struct SourceFile: Sendable {
    /// Its name in the folder: what reports call it.
    package let name: String
    private let contents: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        contents = bytes
    }

    package var bytes: Span<UInt8> {
        @_lifetime(borrow self) get { contents.span }
    }

    package var byteCount: Int { contents.count }
}
