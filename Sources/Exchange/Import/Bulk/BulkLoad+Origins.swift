import Model
import StoreColumns

extension BulkLoad {
    /// The place in the files that a row comes from.
    struct Origin {
        /// Position in the plan.
        var file: Int
        /// Which of its mappings makes it.
        var plan: Int
        var line: Int
        /// Its first byte.
        var start: Int
    }

    /// Where some rows of a type come from, by their numbers. Cost: the blocks that bring them are read again.
    func origins(of type: NodeTypeID, rows: Set<Int>) -> [Int: Origin] {
        guard let made, let position = made.loads.firstIndex(where: { $0.type.nodeType == type }) else { return [:] }
        let load = made.loads[position]
        let rows = rows.sorted()
        var found: [Int: Origin] = [:]
        var next = 0
        let places = load.origins(ofRows: rows)
        while next < places.count {
            let end = places[next...].firstIndex { $0.place != places[next].place } ?? places.count
            let numbers = Dictionary(uniqueKeysWithValues: (next..<end).map { (places[$0].row, rows[$0]) })
            for (file, first) in load.firstPlaces.enumerated() {
                guard let first, made.blocks[file].indices.contains(places[next].place - first) else { continue }
                let block = made.blocks[file][places[next].place - first]
                let reader = BlockReader(plan.files[file], made.loads, made.lookUps, model, limits, keys: [:])
                let lines = plan.files[file].file.lineCount(before: block.range.lowerBound)
                let gates = made.gates[file][block.place]
                for row in reader.findRows(Set(numbers.keys), of: position, in: block, gates: gates) {
                    if let number = numbers[row.place] {
                        found[number] = Origin(file: file, plan: row.plan, line: lines + row.lineCount + 1, start: row.start)
                    }
                }
            }
            next = end
        }
        return found
    }
}

extension SourceFile {
    /// Line ends before an offset.
    func lineCount(before offset: Int) -> Int {
        let bytes = bytes
        var count = 0
        for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A { count += 1 }
        return count
    }
}
