/// How long to measure.
struct Effort {
    var samples: Int
    /// A sample repeats its body for about this long.
    var sampleMilliseconds: Int

    static let full = Effort(samples: 31, sampleMilliseconds: 30)
    static let quick = Effort(samples: 5, sampleMilliseconds: 3)
}

/// What one call of a body gets done, so that a rate can be given.
enum Work {
    case bytes(Int)
    case things(Int, String)

    /// So much a second, and of what.
    func rate(nanoseconds: Double) -> (value: Double, unit: String) {
        switch self {
        case .bytes(let count): (Double(count) / nanoseconds * 1_000, "MB/s")
        case .things(let count, let name): (Double(count) / nanoseconds * 1_000_000_000, "\(name)/s")
        }
    }
}

/// Something that is called again and again.
struct Body {
    var name: String
    var work: Work
    /// Anything that depends on all that was done, so that nothing can be left out.
    var run: () throws -> Int

    init(_ name: String, _ work: Work, _ run: @escaping () throws -> Int) {
        self.name = name
        self.work = work
        self.run = run
    }
}

/// What one body took: nanoseconds a call, over several samples; and what was counted.
struct Measurement {
    var name: String
    var callsPerSample = 1
    var samples: [Double]
    var work: Work?
    var allocations: Allocations?
    /// What was measured elsewhere, by another process.
    var isPeer = false

    var median: Double { samples.sorted()[samples.count / 2] }
    var least: Double { samples.min() ?? 0 }

    /// Runs bodies in turn, sample by sample, so that all meet the same noise.
    static func of(_ bodies: [Body], _ effort: Effort) throws -> [Measurement] {
        var kept = 0
        var rows = try bodies.map { body in
            var calls = 1
            while true {
                let spent = try duration { for _ in 0..<calls { kept &+= try body.run() } }
                let wanted = Double(effort.sampleMilliseconds) * 1_000_000
                if spent >= wanted { break }
                // The first calls are the slowest; the last doubling settles it.
                calls = max(calls * 2, spent * 4 < wanted ? calls * 4 : 0)
            }
            return Measurement(name: body.name, callsPerSample: calls, samples: [], work: body.work)
        }
        for _ in 0..<effort.samples {
            for (index, body) in bodies.enumerated() {
                let calls = rows[index].callsPerSample
                rows[index].samples.append(
                    try duration { for _ in 0..<calls { kept &+= try body.run() } } / Double(calls))
            }
        }
        for (index, body) in bodies.enumerated() {
            rows[index].allocations = try Allocations.of { kept &+= try body.run() }
        }
        precondition(kept != 0, "the bodies did something")
        return rows
    }

    /// Two bodies that wait, in turn; each does so many calls.
    static func inTurn(
        _ names: (String, String), _ effort: Effort, calls: Int, _ first: (_ count: Int) async throws -> Void,
        _ second: (_ count: Int) async throws -> Void
    ) async rethrows -> [Measurement] {
        var samples: ([Double], [Double]) = ([], [])
        for _ in 0..<effort.samples {
            samples.0.append(try await duration { try await first(calls) } / Double(calls))
            samples.1.append(try await duration { try await second(calls) } / Double(calls))
        }
        return [
            Measurement(name: names.0, callsPerSample: calls, samples: samples.0, work: .things(1, "requests")),
            Measurement(name: names.1, callsPerSample: calls, samples: samples.1, work: .things(1, "requests")),
        ]
    }

    private static func duration(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .nanoseconds(1)
    }

    private static func duration(_ body: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await body()
        return (ContinuousClock.now - start) / .nanoseconds(1)
    }
}
