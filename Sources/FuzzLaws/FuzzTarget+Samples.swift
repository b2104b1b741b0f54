import Bytes
import StoreSnapshot

extension FuzzTarget {
    /// Inputs that are whole files of the sample: what there is to begin with where nobody can write one by hand.
    package var samples: [[UInt8]] {
        switch self {
        case .folder:
            FolderLaws.names.enumerated().compactMap { choice, name in
                (try? SampleFolder.made.contents(of: SampleFolder.path + "/" + name, limit: 1 << 20)).map { [UInt8(choice)] + $0 }
            }
        case .manifest: [ForgedSnapshot.sample.bytes(of: Manifest.fileName)]
        case .journal:
            (try? SampleFolder.made.contents(of: SampleFolder.path + "/journal/00000001.journal", limit: 1 << 20))
                .map { [[1] + $0, [0] + $0.dropFirst(96)] } ?? []
        case .record: RecordLaws.samples
        case .cursor: CursorLaws.samples
        case .imported: [Array(SampleData.rows.utf8), SampleData.text(SampleData.version)]
        case .workbook: WorkbookLaws.samples
        case .token: TokenLaws.samples
        case .bag: [ArchiveLaws.sample]
        case .model: [Array(SampleData.sdl.utf8)]
        default: []
        }
    }
}
