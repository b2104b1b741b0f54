import CLostPages
import Glibc

/// A file in memory, for reading only, for as long as this is held.
@safe package final class MappedFile: Sendable {
    /// As it was mapped.
    package let path: String
    /// The whole file.
    package let bytes: Elements<UInt8>
    package var byteCount: Int { bytes.count }
    private let region: ByteRegion
    private let isMapping: Bool

    /// From now on a page of a mapped file that cannot be read, because the file was cut short or its disk fails, ends the
    /// process with `status` after a line on the standard error that names the file and the byte. There is no answer that
    /// could be given from bytes that are gone.
    package static func endProcess(withStatusOnLostPage status: Int32) { lost_pages_report(status) }

    /// A file of the machine, mapped by `mmap` (nil for an empty one).
    init(path: String, mapping: UnsafeMutableRawPointer?, byteCount: Int) {
        self.path = path
        isMapping = unsafe mapping != nil
        if let mapping = unsafe mapping {
            unsafe region = ByteRegion(mapping: mapping, byteCount: byteCount, path: path)
            // The mapping is `byteCount` bytes long, and the region keeps it.
            unsafe bytes = Elements(
                region: region, start: UnsafePointer(region.base.assumingMemoryBound(to: UInt8.self)), count: byteCount)
        } else {
            region = ByteRegion.empty
            bytes = Elements()
        }
    }

    /// Bytes that stand in for a file, copied to 64-byte aligned room.
    package init(path: String, copying contents: Span<UInt8>) {
        self.path = path
        bytes = Elements(copying: contents)
        region = bytes.region
        isMapping = false
    }

    /// All bytes, lent.
    package var span: Span<UInt8> {
        @_lifetime(borrow self) get { bytes.span(heldBy: self) }
    }

    /// A part of the file as a list of elements, without copying: it keeps the memory alive by itself.
    /// - Returns: nil if the part is not wholly in the file or does not begin at a multiple of the element's alignment.
    package func elements<Element: FixedWidthElement>(
        of type: Element.Type, at offset: Int, count: Int
    ) -> Elements<Element>? {
        let stride = MemoryLayout<Element>.stride
        guard offset >= 0, count >= 0, offset <= byteCount, count <= (byteCount - offset) / stride else { return nil }
        guard count > 0 else { return Elements() }
        // Inside the region by the check above; the elements are of a type whose every bit pattern is a value.
        let start = unsafe UnsafeRawPointer(region.base) + offset
        guard Int(bitPattern: start) % MemoryLayout<Element>.alignment == 0 else { return nil }
        return unsafe Elements(region: region, start: start.assumingMemoryBound(to: Element.self), count: count)
    }

    package enum Advice: Sendable {
        /// It will be read soon: the system may fetch it.
        case willNeed
        /// It will be read from front to back.
        case sequential
        /// It will be read here and there.
        case random
        /// It will not be read for long.
        case notNeeded
    }

    /// Tells the system how a part of the file will be read. A hint: nothing depends on it.
    package func advise(_ advice: Advice, _ range: Range<Int>? = nil) {
        guard isMapping else { return }
        let range = (range ?? 0..<byteCount).clamped(to: 0..<byteCount)
        guard !range.isEmpty else { return }
        let page = 4_096
        let start = range.lowerBound / page * page
        let code: Int32 =
            switch advice {
            case .willNeed: MADV_WILLNEED
            case .sequential: MADV_SEQUENTIAL
            case .random: MADV_RANDOM
            case .notNeeded: MADV_DONTNEED
            }
        // Within the mapping; a file mapping for reading loses nothing by any of these.
        _ = unsafe madvise(region.base + start, range.upperBound - start, code)
    }
}
