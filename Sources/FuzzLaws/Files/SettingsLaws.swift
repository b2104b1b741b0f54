import Exchange
import Settings

/// A file of settings means one thing, or what is wrong with it stands at lines of it.
enum SettingsLaws {
    static func checkMapping(_ bytes: [UInt8]) throws(BrokenLaw) {
        let mapping = try read(bytes) { () throws(SettingsErrors) in try ImportMapping(reading: bytes, file: "sample.yaml") }
        guard let mapping else { return }
        // Whatever it wants of the sample's files, they are read or refused.
        let files = ImportLaws.files(Array(SampleData.rows.utf8))
        let report = Importer(model: SampleData.model, mapping: mapping).read(files).report
        try hold(report.problems.allSatisfy { !$0.message.isEmpty }, "a problem without words")
    }

    static func checkRecipe(_ bytes: [UInt8]) throws(BrokenLaw) {
        _ = try read(bytes) { () throws(SettingsErrors) in try GenerationRecipe(reading: bytes, file: "sample.yaml") }
    }

    static func checkConfiguration(_ bytes: [UInt8]) throws(BrokenLaw) {
        let limits = [LimitDefinition("max-rows", standard: 10, hardCap: 100)]
        _ = try read(bytes) { () throws(SettingsErrors) in
            try Configuration(reading: bytes, file: "sample.yaml", limits: limits)
        }
    }

    private static func read<Value: Hashable>(
        _ bytes: [UInt8], _ body: () throws(SettingsErrors) -> Value
    ) throws(BrokenLaw) -> Value? {
        func outcome() -> Result<Value, SettingsErrors> {
            do throws(SettingsErrors) {
                return .success(try body())
            } catch {
                return .failure(error)
            }
        }
        let found = outcome()
        try hold(found == outcome(), "the same bytes mean two things")
        guard case .failure(let errors) = found else { return try? found.get() }
        // What YAML takes for the end of a line; a place may be behind the last one.
        let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
        let lineCount = String(decoding: bytes, as: UTF8.self).unicodeScalars.count { breaks.contains($0) } + 2
        try hold(!errors.problems.isEmpty, "refused without a problem")
        for problem in errors.problems {
            try hold(!problem.message.isEmpty && problem.file == "sample.yaml", "a problem without words or file")
            if let line = problem.line { try hold((1...lineCount).contains(line), "a problem stands outside: \(problem)") }
        }
        return nil
    }
}
