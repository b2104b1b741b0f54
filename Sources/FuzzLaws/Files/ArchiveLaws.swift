import Bytes
import Exchange
import Model
import StoreColumns

/// A folder is a whole bag or is told everything that is wrong with it, the same each time, and nothing beside it is looked at; what a bag
/// holds is a version, which is archived with the content that the bag has, or is refused.
enum ArchiveLaws {
    private static let path = "/bag"

    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        let files = MemoryFileSystem()
        try lay(ImportLaws.files(bytes), on: files)
        files.failing { _ in nil }
        let bag: Bag
        do throws(BagProblems) {
            bag = try Bag.examine(path, on: files)
        } catch {
            try hold(error.count > 0 && !error.list.isEmpty, "refused without a problem")
            try hold(error.list == again(files)?.list, "the same folder has two sets of problems")
            return try onlyInside(files)
        }
        try onlyInside(files)
        let archive: OpenedArchive
        do throws(BagProblems) {
            archive = try OpenedArchive(bag)
        } catch {
            return try hold(error.count > 0, "no archive, without a problem")
        }
        let version: GraphVersion
        do throws(ArchiveUnreadable) {
            version = try archive.load(SampleData.model, workers: 1)
        } catch {
            return
        }
        try hold(version.number == archive.version, "it holds another version than it says")
        try isArchived(version)
    }

    /// A version comes back from its archive as it was.
    static func isArchived(_ version: GraphVersion) throws(BrokenLaw) {
        let files = MemoryFileSystem()
        guard let report = try? write(version, files) else { return }
        let archive: OpenedArchive
        do throws(BagProblems) {
            archive = try OpenedArchive(try Bag.examine(path, on: files))
        } catch {
            throw BrokenLaw("what is archived is no archive: \(error)")
        }
        let copy: GraphVersion
        do throws(ArchiveUnreadable) {
            copy = try archive.load(SampleData.model, workers: 1)
        } catch {
            throw BrokenLaw("what is archived cannot be read: \(error)")
        }
        try hold(SampleData.text(copy) == SampleData.text(version), "what is archived is read as something else")
        try hold((try? write(copy, MemoryFileSystem())) == report, "what is archived again is another archive")
    }

    /// The files of an archive, as `ImportLaws` reads files.
    static var sample: [UInt8] {
        let files = MemoryFileSystem()
        guard (try? write(SampleData.version, files)) != nil, let bag = try? Bag.examine(path, on: files) else { return [] }
        var text: [UInt8] = []
        let tags = [Bag.declarationName, BagInfo.fileName, BagManifest.payloadName, BagManifest.tagName]
        for name in tags + bag.payload.map(\.path) {
            text += Array("%%% \(name)\n".utf8) + ((try? bag.contents(of: name)) ?? [])
        }
        return text
    }

    private static func write(_ version: GraphVersion, _ files: MemoryFileSystem) throws(ArchiveError) -> ArchiveReport {
        let terms = ArchiveTerms(
            model: SampleData.model, modelFiles: [ModelSource(name: "sample.graphql", bytes: Array(SampleData.sdl.utf8))],
            version: version)
        return try RegisterArchive.write(terms, to: path, on: files)
    }

    /// Files as a folder has them; names that no folder can have are left out.
    private static func lay(_ sources: [SourceFile], on files: MemoryFileSystem) throws(BrokenLaw) {
        try? files.makeFolder(path)
        for source in sources where BagPath.fault(of: source.name) == nil {
            var folder = path
            for part in source.name.split(separator: "/").dropLast() {
                folder += "/" + part
                try? files.makeFolder(folder)
            }
            let bytes = source.bytes
            var copy: [UInt8] = []
            for index in bytes.indices { copy.append(bytes[index]) }
            try? files.writeNew(path + "/" + source.name, copy)
        }
    }

    private static func again(_ files: MemoryFileSystem) -> BagProblems? {
        do throws(BagProblems) {
            _ = try Bag.examine(path, on: files)
            return nil
        } catch {
            return error
        }
    }

    private static func onlyInside(_ files: MemoryFileSystem) throws(BrokenLaw) {
        for call in files.calls {
            try hold(call.path == path || call.path.hasPrefix(path + "/"), "\(call.path) was looked at, which is outside")
        }
    }
}
