import ArgumentParser
import Bytes
import Exchange
import Foundation
import HTTPService
import Model
import Query
import StoreColumns

/// Which register a command works on, and under which model.
struct RegisterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder that holds Schema and Snapshots. Standard: where ./hearth lies.", valueName: "folder"))
    var root: String?

    @Option(help: ArgumentHelp("The folder of the model. Standard: Schema/model.", valueName: "folder"))
    var model: String?

    @Option(help: ArgumentHelp("A sample by its name in Snapshots; another name lists them.", valueName: "name"))
    var sample: String?

    @Option(help: ArgumentHelp("A folder of CSV files or an archive, instead of a sample.", valueName: "folder"))
    var csv: String?

    @Option(help: ArgumentHelp("How the CSV files of another system map onto the model.", valueName: "file"))
    var mapping: String?

    @Option(
        name: .customLong("time-zone"),
        help: ArgumentHelp("Whose day is the as-of date. Standard: the system's.", valueName: "name"))
    var timeZoneName: String?

    func validate() throws {
        if csv != nil, sample != nil { throw ValidationError("--csv and --sample exclude each other.") }
        if let sample {
            let samples = Self.samples(in: folder("Snapshots"))
            guard samples.contains(sample) else {
                let known = samples.isEmpty ? "there are none" : "there are \(samples.joined(separator: ", "))"
                throw ValidationError("--sample: there is no sample '\(sample)' in \(folder("Snapshots")); \(known).")
            }
        }
        if mapping != nil, csv == nil { throw ValidationError("--mapping goes with --csv.") }
        if let timeZoneName, TimeZone(identifier: timeZoneName) == nil {
            throw ValidationError("--time-zone: there is no time zone '\(timeZoneName)'.")
        }
    }

    /// The folder that holds `Schema`: the one named, the wrapper's, or the nearest above the current one.
    static func rootFolder(named root: String? = nil) -> String {
        if let root { return root }
        if let root = ProcessInfo.processInfo.environment["HEARTH_ROOT"] { return root }
        var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appendingPathComponent("Schema/model").path) { return folder.path }
            folder.deleteLastPathComponent()
        }
        return FileManager.default.currentDirectoryPath
    }

    static func folder(_ path: String, below root: String) -> String { (root as NSString).appendingPathComponent(path) }

    func folder(_ path: String) -> String { Self.folder(path, below: Self.rootFolder(named: root)) }

    /// The samples of a folder by name: the archives in it.
    private static func samples(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { Bag.isBag(Self.folder($0, below: folder), on: POSIXFileSystem()) }.sorted()
    }

    /// Whether somebody said which rows to read.
    var namesRows: Bool { csv != nil || sample != nil }

    var places: Register.Places {
        Register.Places(
            model: model ?? folder("Schema/model"), rows: csv ?? folder("Snapshots/\(sample ?? "hanyang")"), mapping: mapping)
    }

    /// Reads the register, or says why not and how to end.
    func load() throws(Failure) -> Register {
        do {
            return try Register.load(places, publishedAt: Clock.now(), asOf: today()())
        } catch {
            throw Failure(error)
        }
    }

    /// The saved questions; one that is broken says so itself.
    func questions(
        _ model: Model, _ limits: QueryLimits, _ language: QueryLanguage = QueryLanguage()
    ) throws(Failure) -> SavedQuestions {
        try Self.questions(in: folder("Schema/queries"), model, limits, language)
    }

    static func questions(
        in folder: String, _ model: Model, _ limits: QueryLimits, _ language: QueryLanguage
    ) throws(Failure) -> SavedQuestions {
        do {
            let files = try RegisterFiles.questions(in: folder)
            return SavedQuestions(files: files, model: model, limits: limits, language: language)
        } catch {
            throw Failure(code: .system, message: "\(error)")
        }
    }

    func today() -> @Sendable () -> CivilDate {
        let timeZone = self.timeZone
        return { Clock.day(in: timeZone) }
    }

    /// When a day begins.
    func beginning() -> @Sendable (CivilDate) -> Instant {
        let timeZone = self.timeZone
        return { Clock.beginning(of: $0, in: timeZone) }
    }

    private var timeZone: TimeZone { timeZoneName.flatMap(TimeZone.init(identifier:)) ?? .current }
}

/// The system's time, which only the command reads.
enum Clock {
    static func now() -> Instant {
        Instant(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded()))
    }

    static func beginning(of day: CivilDate, in timeZone: TimeZone) -> Instant {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = day.components
        let date = calendar.date(from: DateComponents(year: parts.year, month: parts.month, day: parts.day))
        // A calendar knows every day that it named itself.
        return date.map { Instant(microseconds: Int64(($0.timeIntervalSince1970 * 1_000_000).rounded())) }
            ?? Instant(microseconds: Int64(day.days) * 86_400_000_000)
    }

    static func day(in timeZone: TimeZone) -> CivilDate {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.year, .month, .day], from: Date())
        guard let date = CivilDate(year: parts.year ?? 1, month: parts.month ?? 1, day: parts.day ?? 1) else {
            preconditionFailure("the calendar's day is a day")
        }
        return date
    }
}

extension Failure {
    init(_ problem: Register.Problem) {
        switch problem {
        case .files: self.init(code: .system, message: "\(problem)")
        case .model, .mapping, .mappedArchive, .otherAudience: self.init(code: .configuration, message: "\(problem)")
        case .rows, .archive: self.init(code: .data, message: "\(problem)")
        }
    }
}
