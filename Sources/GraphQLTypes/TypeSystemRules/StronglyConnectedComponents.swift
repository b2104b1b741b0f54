/// The largest sets of nodes that all reach each other: Tarjan's algorithm, without recursion, in linear time.
///
/// Nodes are numbers; `edges[n]` are those that `n` points to. Components come in an order where what a component points
/// to stands before it.
struct StronglyConnectedComponents {
    private(set) var components: [[Int]] = []

    init(_ edges: [[Int]]) {
        var numbers: [Int?] = Array(repeating: nil, count: edges.count)
        var lowest = Array(repeating: 0, count: edges.count)
        var isOpen = Array(repeating: false, count: edges.count)
        var open: [Int] = []
        var counter = 0
        for start in edges.indices where numbers[start] == nil {
            var path: [(node: Int, edge: Int)] = [(start, 0)]
            while let (node, edge) = path.last {
                if edge == 0 {
                    numbers[node] = counter
                    lowest[node] = counter
                    counter += 1
                    open.append(node)
                    isOpen[node] = true
                }
                if edge < edges[node].count {
                    path[path.count - 1].edge += 1
                    let target = edges[node][edge]
                    if let number = numbers[target] {
                        if isOpen[target] { lowest[node] = min(lowest[node], number) }
                    } else {
                        path.append((target, 0))
                    }
                    continue
                }
                path.removeLast()
                if let parent = path.last?.node { lowest[parent] = min(lowest[parent], lowest[node]) }
                guard lowest[node] == numbers[node] else { continue }
                var component: [Int] = []
                while let last = open.popLast() {
                    isOpen[last] = false
                    component.append(last)
                    if last == node { break }
                }
                components.append(component)
            }
        }
    }
}
