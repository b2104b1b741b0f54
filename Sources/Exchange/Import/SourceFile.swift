import Bytes

/// A file to import: its bytes in memory, or mapped.
package struct SourceFile: Sendable {
    /// Its name in the folder: what reports call it.
    package let name: String
    private let contents: Elements<UInt8>
    private let mapped: MappedFile?

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        contents = Elements(copying: bytes)
        mapped = nil
    }

    /// A file of the machine, which must not change while it is read.
    package init(name: String, mapped: MappedFile) {
        self.name = name
        contents = mapped.bytes
        self.mapped = mapped
    }

    package var bytes: Span<UInt8> {
        @_lifetime(borrow self) get { contents.span }
    }

    package var byteCount: Int { contents.count }

    /// Says that a part will not be read for a while, so that it need not stay in memory.
    func release(_ range: Range<Int>) { mapped?.advise(.notNeeded, range) }
}
