import CZip

// The one file that calls libzip. The archive reads bytes that are lent for the length of `open`, and is closed before it ends;
// buffers are lent for the length of one call.

/// An archive whose parts are read one after another, each as often as wanted and within bounds: what a few bytes unfold to is counted
/// while they unfold, whatever the archive says of it.
@safe
package final class ZipArchive {
    package struct Limits: Hashable, Sendable {
        /// Names: `max-workbook-parts`, `max-workbook-bytes`, `max-workbook-ratio`.
        package var parts = 10_000
        /// Of all parts that are read, unfolded; a part that is read twice counts twice.
        package var bytes = 1 << 30
        /// What a part may unfold to, times its bytes in the archive. Text that repeats itself comes to a hundred at most.
        package var ratio = 400
        /// Parts up to here may unfold as they like.
        package var freeBytes = 4 << 20

        package init() {}
    }

    /// Nil once the bytes are not lent any more.
    private var archive: OpaquePointer?
    private let limits: Limits
    private var byteCount = 0

    private init(_ archive: OpaquePointer, _ limits: Limits) {
        unsafe self.archive = archive
        self.limits = limits
    }

    /// Lends the archive that some bytes are.
    package static func open<Result>(
        _ bytes: Span<UInt8>, limits: Limits = Limits(), _ body: (ZipArchive) throws(OfficeFileError) -> Result
    ) throws(OfficeFileError) -> Result {
        try unsafe bytes.withUnsafeBytes { (buffer) throws(OfficeFileError) -> Result in
            var problem = unsafe zip_error_t()
            unsafe zip_error_init(&problem)
            defer { unsafe zip_error_fini(&problem) }
            guard let source = unsafe zip_source_buffer_create(buffer.baseAddress, zip_uint64_t(buffer.count), 0, &problem) else {
                throw .notArchive(reason: unsafe text(&problem))
            }
            guard let opened = unsafe zip_open_from_source(source, ZIP_RDONLY, &problem) else {
                unsafe zip_source_free(source)
                throw .notArchive(reason: unsafe text(&problem))
            }
            let archive = unsafe ZipArchive(opened, limits)
            defer { unsafe archive.close(opened) }
            let count = unsafe zip_get_num_entries(opened, 0)
            guard count <= limits.parts else { throw .limit(name: "max-workbook-parts", maximum: limits.parts) }
            return try body(archive)
        }
    }

    private func close(_ opened: OpaquePointer) {
        unsafe archive = nil
        unsafe zip_discard(opened)
    }

    /// Whether there is a part of that name.
    package func contains(_ name: String) -> Bool {
        guard let archive = unsafe archive else { return false }
        return unsafe zip_name_locate(archive, name, zip_flags_t(ZIP_FL_NOCASE)) >= 0
    }

    /// Unfolds a part, piece by piece.
    package func read(
        _ name: String, _ body: (Span<UInt8>) throws(OfficeFileError) -> Void
    ) throws(OfficeFileError) {
        guard let archive = unsafe archive else { throw .notArchive(reason: "it was closed before") }
        let found = unsafe zip_name_locate(archive, name, zip_flags_t(ZIP_FL_NOCASE))
        guard found >= 0, let index = zip_uint64_t(exactly: found) else { throw .partMissing(name) }
        var status = unsafe zip_stat_t()
        unsafe zip_stat_init(&status)
        guard unsafe zip_stat_index(archive, index, 0, &status) == 0 else {
            throw .partDamaged(name, reason: "its place is not known")
        }
        guard unsafe status.encryption_method == UInt16(ZIP_EM_NONE) else { throw .encrypted }
        let packedCount = unsafe max(1, Int(clamping: status.comp_size))
        guard let part = unsafe zip_fopen_index(archive, index, 0) else {
            throw .partDamaged(name, reason: "it cannot be opened")
        }
        defer { _ = unsafe zip_fclose(part) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var partCount = 0
        while true {
            let read = unsafe buffer.withUnsafeMutableBytes { target in
                guard let start = target.baseAddress else { return zip_int64_t(-1) }
                return unsafe zip_fread(part, start, zip_uint64_t(target.count))
            }
            guard let count = Int(exactly: read), count >= 0, count <= buffer.count else {
                throw .partDamaged(name, reason: "its bytes do not unfold, or not to what their checksum says")
            }
            if count == 0 { return }
            partCount += count
            byteCount += count
            guard byteCount <= limits.bytes else { throw .limit(name: "max-workbook-bytes", maximum: limits.bytes) }
            guard partCount <= limits.freeBytes || partCount / packedCount < limits.ratio else {
                throw .limit(name: "max-workbook-ratio", maximum: limits.ratio)
            }
            try body(buffer.span.extracting(0..<count))
        }
    }

    private static func text(_ problem: inout zip_error_t) -> String {
        unsafe zip_error_strerror(&problem).map { unsafe String(cString: $0) } ?? "it cannot be opened"
    }
}
