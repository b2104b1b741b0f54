import CZlib

// The one file that calls zlib. The stream lives in the frame that made it and is ended there; the buffers are lent for the
// length of one call.

/// The bytes as one member of a gzip file (RFC 1952): no name and no time in it, so that the same bytes give the same file.
///
/// Costs about 40 ms for a megabyte at the highest level, which is taken: it is meant for what is compressed once and sent often.
///
/// - Returns: nil where zlib has no memory.
package func gzip(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = unsafe z_stream()
    // 15 bits of window, and 16 more: a gzip head and tail instead of zlib's.
    let isReady = unsafe deflateInit2_(
        &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size))
    guard isReady == Z_OK else { return nil }
    defer { _ = unsafe deflateEnd(&stream) }
    guard let count = UInt32(exactly: bytes.count) else { return nil }
    let bound = unsafe Int(deflateBound(&stream, UInt(count)))
    guard let room = UInt32(exactly: bound) else { return nil }
    var source = bytes
    var isComplete = false
    let compressed = unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, written in
        unsafe source.withUnsafeMutableBufferPointer { source in
            unsafe stream.next_in = source.baseAddress
            unsafe stream.avail_in = count
            unsafe stream.next_out = target.baseAddress
            unsafe stream.avail_out = room
            isComplete = unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END
            written = unsafe bound - Int(stream.avail_out)
        }
    }
    return isComplete ? compressed : nil
}
