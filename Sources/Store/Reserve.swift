import Bytes
import StoreColumns
import StoreJournal

/// The file `reserve`: room that is kept back, so that a full disk still lets a start cut off a torn tail, or a snapshot be
/// finished that makes room by what may then be removed.
///
/// It is given up for that, and taken again when there is space.
struct Reserve: Sendable {
    private static let share: UInt64 = 16

    let folder: DataFolder
    /// Not more than a sixteenth of the file system is taken.
    let maximumByteCount: Int

    /// How much is kept back here. As much again must be free before writing goes on after a full disk.
    func byteCount(_ space: FileSystemSpace) -> Int {
        Int(min(UInt64(max(0, maximumByteCount)), space.byteCount / Self.share))
    }

    /// Takes the room, if there is twice as much. Nothing depends on it: without the space there is no reserve.
    func take() {
        do throws(FileError) {
            let space = try folder.files.space(folder.path)
            let count = byteCount(space)
            if try folder.files.exists(folder.reservePath),
                try folder.files.status(folder.reservePath).byteCount >= count
            {
                return
            }
            guard space.freeByteCount >= 2 * UInt64(count) else { return }
            try folder.files.open(folder.reservePath, .createIfAbsent).allocate(byteCount: count)
        } catch {
            do throws(FileError) { try folder.files.remove(folder.reservePath) } catch {}
        }
    }

    /// Gives the room up.
    /// - Returns: whether there was any.
    func release() -> Bool {
        do throws(FileError) {
            try folder.files.remove(folder.reservePath)
            return true
        } catch {
            return false
        }
    }

    /// Does something, and does it again with the reserve's room if the disk is full.
    func lending<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        do throws(StoreError) {
            return try body()
        } catch {
            guard error.reason == .storage(.full), release() else { throw error }
        }
        defer { take() }
        return try body()
    }
}
