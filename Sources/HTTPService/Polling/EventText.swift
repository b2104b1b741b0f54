import NIOCore

/// Events as a stream of them is written (HTML §9.2.6, text/event-stream).
struct EventText {
    /// Nothing has happened, and we are still here.
    static let heartbeat = ByteBuffer(string: ":\n\n")
    /// How long a client waits before it comes again.
    static let beginning = ByteBuffer(string: "retry: 2000\n\n")

    /// - Parameter data: One line, or several.
    static func event(_ name: String, id: String? = nil, _ data: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        if let id { buffer.writeString("id: \(id)\n") }
        buffer.writeString("event: \(name)\n")
        for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            buffer.writeString("data: ")
            buffer.writeBytes(line)
            buffer.writeString("\n")
        }
        buffer.writeString("\n")
        return buffer
    }
}
