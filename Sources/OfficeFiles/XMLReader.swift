import CExpat

// The one file that calls expat. The parser belongs to the object that holds it and is freed once; what it calls back gets that object,
// which is alive because one of its members is running; texts are copied before a callback ends.

/// What is told of a document while it is read.
package protocol XMLHandler: AnyObject {
    /// - Parameter name: Without its prefix; so are the attributes' names.
    func begin(_ name: String, _ attributes: XMLAttributes) throws(OfficeFileError)
    func end(_ name: String) throws(OfficeFileError)
    /// A piece of the text where the reader stands.
    func text(_ bytes: Span<UInt8>) throws(OfficeFileError)
}

/// Of one element. Few: looked for one by one.
package struct XMLAttributes {
    fileprivate var pairs: [(name: String, value: String)] = []

    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }
}

/// Reads a document piece by piece. No document type is taken, and so no entity that could unfold; depth is bounded.
@safe
package final class XMLReader {
    /// Workbooks nest to less than twenty.
    private static let depthLimit = 256

    private let parser: XML_Parser
    private let handler: any XMLHandler
    private var problem: OfficeFileError?
    private var depth = 0

    package init(_ handler: any XMLHandler) throws(OfficeFileError) {
        guard let parser = unsafe XML_ParserCreate(nil) else { throw .cannotWrite(reason: "there is no memory") }
        unsafe self.parser = parser
        self.handler = handler
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        unsafe XML_SetElementHandler(
            parser,
            { reader, name, attributes in unsafe XMLReader.of(reader)?.begin(name, attributes) },
            { reader, name in unsafe XMLReader.of(reader)?.end(name) })
        unsafe XML_SetCharacterDataHandler(parser) { reader, text, count in unsafe XMLReader.of(reader)?.text(text, count) }
        unsafe XML_SetStartDoctypeDeclHandler(parser) { reader, _, _, _, _ in
            unsafe XMLReader.of(reader)?.refuse("a document type is declared")
        }
    }

    deinit { unsafe XML_ParserFree(parser) }

    package func read(_ bytes: Span<UInt8>) throws(OfficeFileError) {
        let count = Int32(clamping: bytes.count)
        let status = unsafe bytes.withUnsafeBytes { buffer in
            unsafe XML_Parse(parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), count, 0)
        }
        try check(status)
    }

    package func finish() throws(OfficeFileError) { try check(unsafe XML_Parse(parser, nil, 0, 1)) }

    private func check(_ status: XML_Status) throws(OfficeFileError) {
        if let problem { throw problem }
        guard status != XML_STATUS_OK else { return }
        let words = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map { unsafe String(cString: $0) }
        throw .notXML(line: line, reason: words ?? "it cannot be read")
    }

    private var line: Int { Int(clamping: unsafe XML_GetCurrentLineNumber(parser)) }

    // MARK: Called back

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> XMLReader? {
        unsafe pointer.map { unsafe Unmanaged<XMLReader>.fromOpaque($0).takeUnretainedValue() }
    }

    private func stop(_ problem: OfficeFileError) {
        if self.problem == nil { self.problem = problem }
        _ = unsafe XML_StopParser(parser, XML_Bool(XML_FALSE))
    }

    private func refuse(_ reason: String) { stop(.notXML(line: line, reason: reason)) }

    private func begin(_ name: UnsafePointer<XML_Char>?, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) {
        guard problem == nil, let name = unsafe name else { return }
        depth += 1
        guard depth <= Self.depthLimit else { return refuse("elements stand more than \(Self.depthLimit) deep") }
        var found = XMLAttributes()
        if let attributes = unsafe attributes {
            // Names and values in turn, up to a null; expat has seen to it that they are pairs.
            var place = 0
            while let key = unsafe attributes[place], let value = unsafe attributes[place + 1] {
                found.pairs.append((unsafe Self.localName(key), unsafe String(cString: value)))
                place += 2
            }
        }
        do throws(OfficeFileError) {
            try handler.begin(unsafe Self.localName(name), found)
        } catch {
            stop(error)
        }
    }

    private func end(_ name: UnsafePointer<XML_Char>?) {
        guard problem == nil, let name = unsafe name else { return }
        depth -= 1
        do throws(OfficeFileError) {
            try handler.end(unsafe Self.localName(name))
        } catch {
            stop(error)
        }
    }

    private func text(_ text: UnsafePointer<XML_Char>?, _ count: Int32) {
        guard problem == nil, let text = unsafe text, count > 0 else { return }
        let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
        do throws(OfficeFileError) {
            try handler.text(unsafe Span(_unsafeBytes: bytes))
        } catch {
            stop(error)
        }
    }

    private static func localName(_ name: UnsafePointer<XML_Char>) -> String {
        let name = unsafe String(cString: name)
        guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return name }
        return String(name[name.utf8.index(after: colon)...])
    }
}
