import Settings
import StoreColumns

/// A synthetic register of some scale, made part by part. The same recipe, scale, seed and day make the same bytes, whoever
/// makes which part when: a part depends on its number only.
package struct RegisterGenerator: Sendable {
    package let scale: Int
    package let seed: UInt64
    package let asOf: CivilDate
    let program: GenerationProgram
    /// How many of the scale's rows each part has: all that is kept of the whole.
    private let shares: [Int]

    /// Where a type's lines go, and how they begin.
    package struct TypeFile: Sendable, Hashable {
        package var type: String
        package var heading: [UInt8]
        package var fileName: String { "\(type).csv" }
    }

    /// - Parameters:
    ///   - scale: How many of the rows that the recipe counts.
    ///   - asOf: Nil: the recipe's day.
    /// - Throws: What is wrong with the recipe.
    package init(_ recipe: GenerationRecipe, scale: Int, seed: UInt64, asOf: CivilDate? = nil) throws(SettingsErrors) {
        precondition(scale > 0, "a register has a row")
        program = try RecipeCompiler.compile(recipe)
        var day = asOf
        if day == nil, let text = recipe.asOf {
            day = CivilDate(isoText: text.value)
            guard day != nil else {
                throw SettingsErrors([
                    SettingsProblem(
                        file: recipe.file, line: text.line, message: "as-of is a day, 2017-06-30; found '\(text.value)'")
                ])
            }
        }
        guard let day else {
            throw SettingsErrors([
                SettingsProblem(
                    file: recipe.file, line: nil, message: "neither the recipe nor the caller names the day of the register")
            ])
        }
        self.scale = scale
        self.seed = CounterRandom.key(CounterRandom.key(of: "seed"), seed)
        self.asOf = day
        var maker = PartMaker(program, asOf: day)
        var shares: [Int] = []
        var rest = scale
        while rest > 0 {
            let share = min(rest, maker.wantedShare(ofPart: shares.count, seed: self.seed))
            shares.append(share)
            rest -= share
            // The texts of the part are not needed.
            if shares.count % 1000 == 0 { maker = PartMaker(program, asOf: day) }
        }
        self.shares = shares
    }

    package var partCount: Int { shares.count }

    /// How many of the scale's rows a part has.
    package func share(ofPart part: Int) -> Int { shares[part] }

    /// The files in the order of the recipe; `GeneratedPart.lines` has the same.
    package var files: [TypeFile] {
        program.types.map { TypeFile(type: $0.name, heading: Array(($0.columns.joined(separator: ",") + "\n").utf8)) }
    }

    /// Makes one part. Parts can be made in any order and at the same time.
    package func part(_ number: Int) throws(GenerationProblem) -> GeneratedPart {
        var maker = PartMaker(program, asOf: asOf)
        return try maker.make(part: number, share: shares[number], seed: seed)
    }

    /// Makes one part as values, for a `RowLoader`.
    package func rows(ofPart number: Int) throws(GenerationProblem) -> GeneratedRows {
        var maker = PartMaker(program, asOf: asOf)
        return try maker.makeRows(part: number, share: shares[number], seed: seed)
    }

    /// Makes all parts with some workers and hands them on in their order, one at a time.
    ///
    /// At most twice as many parts as workers are in memory. What `take` throws ends the work.
    package func makeParts(workers: Int, take: (Int, GeneratedPart) throws -> Void) async throws {
        try await inOrder(workers: workers, make: { number in try part(number) }, take: take)
    }

    /// As above, as values.
    package func makeRows(workers: Int, take: (Int, GeneratedRows) throws -> Void) async throws {
        try await inOrder(workers: workers, make: { number in try rows(ofPart: number) }, take: take)
    }

    private func inOrder<Made: Sendable>(
        workers: Int, make: @escaping @Sendable (Int) throws -> Made, take: (Int, Made) throws -> Void
    ) async throws {
        precondition(workers > 0, "somebody must do the work")
        try await withThrowingTaskGroup(of: (Int, Made).self) { group in
            var started = 0
            var taken = 0
            var waiting: [Int: Made] = [:]
            while taken < partCount {
                while started < partCount, started < taken + 2 * workers {
                    let number = started
                    group.addTask { (number, try make(number)) }
                    started += 1
                }
                guard let (number, made) = try await group.next() else { return }
                waiting[number] = made
                while let next = waiting.removeValue(forKey: taken) {
                    try take(taken, next)
                    taken += 1
                }
            }
        }
    }
}
