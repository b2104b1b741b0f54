import Bytes
import Store
import StoreJournal

/// A folder in which one of the small files is another opens as it was or is refused with the file; what a repair makes of it opens.
enum FolderLaws {
    static let names = ["MANIFEST", "acked", "remembered"]

    /// Which file, whether its checksum is made right, and its bytes.
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        var input = FuzzInput(bytes)
        let choice = Int(input.byte())
        let name = names[choice % names.count]
        let isSealed = choice / names.count % 2 == 1
        let path = SampleFolder.path + "/" + name
        let contents = isSealed ? sealed(name, input.rest()) : input.rest()
        let files = SampleFolder.made.afterKill()
        try inMemory { () throws(FileError) in
            if try files.exists(path) { try files.remove(path) }
            try files.writeNew(path, contents)
        }
        let opening = SampleFolder.opening(files)
        try hold(opening == SampleFolder.opening(files), "the same folder is opened in two ways")
        switch opening {
        case .refused(let error):
            try hold(error.path.hasPrefix(SampleFolder.path) && !error.message.isEmpty, "refused without a place: \(error)")
        case .version:
            if !isSealed { try hold(opening == SampleFolder.opening(SampleFolder.made), "bytes of \(name) change the rows") }
        }
        try checkRepair(files)
    }

    /// With the checksum that the file's format asks for, over whatever stands before it.
    private static func sealed(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        switch name {
        case "MANIFEST":
            let lines = bytes + (bytes.last == 0x0A ? [] : [0x0A])
            let sum = String(CRC32C.checksum(lines), radix: 16)
            return lines + Array("crc32c \(String(repeating: "0", count: 8 - sum.count))\(sum)\n".utf8)
        default:
            var bytes = bytes
            bytes.appendLittleEndian(CRC32C.checksum(bytes))
            return bytes
        }
    }

    private static func checkRepair(_ files: MemoryFileSystem) throws(BrokenLaw) {
        let repair: Repair?
        do throws(StoreError) {
            repair = try Repair.examine(
                SampleFolder.path, on: files, storage: SampleFolder.options(files).storage, process: "1")
        } catch {
            return try hold(!error.message.isEmpty, "refused without words")
        }
        guard let repair else {
            guard case .version = SampleFolder.opening(files) else { throw BrokenLaw("a whole folder does not open") }
            return
        }
        do throws(StoreError) {
            try repair.perform(acceptingLossAfter: 0)
        } catch {
            throw BrokenLaw("a repair fails: \(error)")
        }
        guard case .version(repair.version, _) = SampleFolder.opening(files.afterKill()) else {
            throw BrokenLaw("what was repaired does not open: \(SampleFolder.opening(files.afterKill()))")
        }
    }
}
