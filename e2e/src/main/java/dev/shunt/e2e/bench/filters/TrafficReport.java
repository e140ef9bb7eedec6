package dev.shunt.e2e.bench.filters;

import dev.shunt.cli.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What packets cost on their way. Immutable.
 *
 * <p>What rules add is the way with them less the plain way; at XDP less the way through the
 * program without rules, because a veth, unlike a network card, first makes an XDP packet of what
 * it has.
 *
 * @param rounds nanoseconds a packet by cell and round
 */
record TrafficReport(Map<TrafficCell, List<Double>> rounds) {
  /** Lanes whose rules are ours. */
  private static final List<Lane> OURS = List.of(Lane.XDP, Lane.TC);

  TrafficReport {
    rounds = new LinkedHashMap<>(rounds);
  }

  /** How many CIDRs and rules. */
  private record Shape(int cidrs, int rules) {}

  private Set<Shape> shapes() {
    Set<Shape> shapes = new LinkedHashSet<>();
    rounds.keySet().forEach(cell -> shapes.add(new Shape(cell.cidrs(), cell.rules())));
    return shapes;
  }

  private List<Double> nanos(Lane lane, Shape shape) {
    return rounds.getOrDefault(new TrafficCell(lane, shape.cidrs(), shape.rules()), List.of());
  }

  private static Spread ratio(List<Double> over, List<Double> under) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < over.size(); i++) {
      ratios.add(over.get(i) / under.get(i));
    }
    return Spread.of(ratios);
  }

  /** What the rules add to the way of a packet, by round. */
  private List<Double> added(Lane lane, Shape shape) {
    List<Double> with = nanos(lane, shape);
    List<Double> without = nanos(lane == Lane.XDP ? Lane.XDP_IDLE : Lane.PLAIN, shape);
    List<Double> added = new ArrayList<>();
    for (int i = 0; i < with.size(); i++) {
      added.add(with.get(i) - without.get(i));
    }
    return added;
  }

  /** What ours add over what those of nftables add. */
  private Spread overNft(Lane lane, Shape shape) {
    return ratio(added(lane, shape), added(Lane.NFTABLES, shape));
  }

  /** What a packet costs with the most CIDRs over what it costs with the fewest, under one rule. */
  Spread growth(Lane lane) {
    return ratio(nanos(lane, new Shape(10_000, 1)), nanos(lane, new Shape(10, 1)));
  }

  boolean isFlat() {
    return OURS.stream().allMatch(lane -> growth(lane).median() <= FilterBenchReport.RATIO_MAX);
  }

  /** In every shape, at both hooks. */
  boolean isFasterThanNft() {
    return shapes().stream()
        .allMatch(shape -> OURS.stream().allMatch(lane -> overNft(lane, shape).median() < 1));
  }

  List<Object> cells() {
    List<Object> cells = new ArrayList<>();
    for (TrafficCell cell : rounds.keySet()) {
      Shape shape = new Shape(cell.cidrs(), cell.rules());
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("lane", cell.lane().toString());
      row.put("rules", cell.rules());
      row.put("cidrs", cell.cidrs());
      row.put("nanos", Spread.of(nanos(cell.lane(), shape)).median());
      if (OURS.contains(cell.lane())) {
        row.put("added_over_nftables", overNft(cell.lane(), shape).document());
      }
      row.put("rounds", nanos(cell.lane(), shape));
      cells.add(row);
    }
    return cells;
  }

  String text() {
    Table table =
        Table.of(
            Table.number("RULES"),
            Table.number("CIDRS"),
            Table.number("PLAIN"),
            Table.number("XDP IDLE"),
            Table.number("XDP"),
            Table.number("TC"),
            Table.number("NFTABLES"),
            Table.number("XDP ADDS/NFT"),
            Table.number("TC ADDS/NFT"));
    for (Shape shape : shapes()) {
      List<String> row = new ArrayList<>();
      row.add("%,d".formatted(shape.rules()));
      row.add("%,d".formatted(shape.cidrs()));
      for (Lane lane : Lane.values()) {
        row.add("%.0f ns".formatted(Spread.of(nanos(lane, shape)).median()));
      }
      OURS.forEach(lane -> row.add(overNft(lane, shape).toString()));
      table.row(row.toArray());
    }
    return table.render()
        + "10,000 CIDRs over 10: xdp %s, tc %s%n".formatted(growth(Lane.XDP), growth(Lane.TC));
  }
}
