/// How long to measure.
struct Effort {
    var samples: Int
    /// A sample repeats its body for about this long.
    var sampleMilliseconds: Int
}

/// What one body took: nanoseconds a call, over several samples.
struct Measurement {
    var name: String
    var callsPerSample: Int
    var samples: [Double]

    var median: Double { samples.sorted()[samples.count / 2] }
    var least: Double { samples.min() ?? 0 }

    /// Runs a body until its samples are full.
    static func of(_ name: String, _ effort: Effort, _ body: () throws -> Void) rethrows -> Measurement {
        var calls = 1
        while true {
            let spent = try duration { for _ in 0..<calls { try body() } }
            if spent >= Double(effort.sampleMilliseconds) * 1_000_000 || calls > 1 << 24 { break }
            calls *= 2
        }
        let samples = try (0..<effort.samples).map { _ in
            try duration { for _ in 0..<calls { try body() } } / Double(calls)
        }
        return Measurement(name: name, callsPerSample: calls, samples: samples)
    }

    /// Two bodies in turn, sample by sample, so that both meet the same noise.
    static func inTurn(
        _ names: (String, String), _ effort: Effort, calls: Int, _ first: () async throws -> Void,
        _ second: () async throws -> Void
    ) async rethrows -> (Measurement, Measurement) {
        var samples: ([Double], [Double]) = ([], [])
        for _ in 0..<effort.samples {
            samples.0.append(try await duration { for _ in 0..<calls { try await first() } } / Double(calls))
            samples.1.append(try await duration { for _ in 0..<calls { try await second() } } / Double(calls))
        }
        return (
            Measurement(name: names.0, callsPerSample: calls, samples: samples.0),
            Measurement(name: names.1, callsPerSample: calls, samples: samples.1)
        )
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

    /// Prints rows under a title; the last column compares with the first row.
    static func show(_ title: String, _ rows: [Measurement]) {
        print("\n\(title)")
        let width = rows.map(\.name.count).max() ?? 0
        func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
        print("  " + padded("", width) + padded("median ns", 14) + padded("least ns", 14) + padded("of the first", 14))
        for row in rows {
            let ratio = (row.median / (rows.first?.median ?? 1) * 100).rounded() / 100
            print(
                "  " + row.name + String(repeating: " ", count: width - row.name.count)
                    + padded(String(Int(row.median.rounded())), 14) + padded(String(Int(row.least.rounded())), 14)
                    + padded("\(ratio)", 14))
        }
    }
}
