/// How large one of some unknown numbers can be: the simplex method, as in any textbook, of numbers that are not negative.
struct LinearBounds {
    private var rows: [[Double]]
    private var values: [Double]
    private let count: Int

    /// - Parameter count: of unknown numbers.
    init(count: Int) {
        self.count = count
        rows = []
        values = []
    }

    /// Some of the numbers add up to a value.
    mutating func add(_ places: [Int], sum: Int) {
        var row = Array(repeating: 0.0, count: count)
        for place in places { row[place] += 1 }
        guard !rows.contains(row) else { return }
        rows.append(row)
        values.append(Double(sum))
    }

    /// The greatest that a number can be; nil where nothing fits.
    func greatest(_ place: Int) -> Double? {
        let width = count + rows.count
        var tableau = rows.indices.map { index in
            rows[index] + rows.indices.map { $0 == index ? 1 : 0 } + [values[index]]
        }
        var basis = rows.indices.map { count + $0 }
        // First the helping numbers, one a row, are driven to nothing.
        var goal = Array(repeating: 0.0, count: width + 1)
        for row in tableau { for column in 0...width where column < count || column == width { goal[column] += row[column] } }
        Self.run(&tableau, &basis, &goal, width: count)
        guard goal[width] < 1e-6 else { return nil }
        for index in tableau.indices where basis[index] >= count {
            if let column = (0..<count).first(where: { abs(tableau[index][$0]) > 1e-9 }) {
                Self.pivot(&tableau, &basis, &goal, index, column)
            }
        }
        goal = Array(repeating: 0.0, count: width + 1)
        goal[place] = 1
        for index in tableau.indices where basis[index] == place {
            for column in 0...width { goal[column] -= tableau[index][column] }
        }
        Self.run(&tableau, &basis, &goal, width: count)
        return -goal[width]
    }

    private static func run(_ tableau: inout [[Double]], _ basis: inout [Int], _ goal: inout [Double], width: Int) {
        let end = goal.count - 1
        // Bland's rule, so that it ends.
        while let column = (0..<width).first(where: { goal[$0] > 1e-9 }) {
            var best: (row: Int, ratio: Double)?
            for row in tableau.indices where tableau[row][column] > 1e-9 {
                let ratio = tableau[row][end] / tableau[row][column]
                if let known = best, ratio > known.ratio + 1e-12 || ratio > known.ratio - 1e-12 && basis[row] > basis[known.row] {
                    continue
                }
                best = (row, ratio)
            }
            guard let best else { return goal[end] = -.infinity }
            pivot(&tableau, &basis, &goal, best.row, column)
        }
    }

    private static func pivot(
        _ tableau: inout [[Double]], _ basis: inout [Int], _ goal: inout [Double], _ row: Int, _ column: Int
    ) {
        let divisor = tableau[row][column]
        for index in tableau[row].indices { tableau[row][index] /= divisor }
        for other in tableau.indices where other != row && tableau[other][column] != 0 {
            let factor = tableau[other][column]
            for index in tableau[other].indices { tableau[other][index] -= factor * tableau[row][index] }
        }
        let factor = goal[column]
        for index in goal.indices { goal[index] -= factor * tableau[row][index] }
        basis[row] = column
    }
}
