package dev.shunt.reconcile.filter;

import dev.shunt.datapath.layout.FilterEventRecord;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.programs.FilterStage;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FragmentKind;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.PacketFacts;
import dev.shunt.desired.filter.PacketFacts.Opening;
import dev.shunt.desired.filter.compile.Slots;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/** Turns records of the denial ring into denials with names. Used by one thread. */
final class DenialReader {
  private static final int HAS_PORTS = 1;
  private static final int HAS_ICMP = 2;
  private static final int OPENS = 4;
  private static final int V4_AT = 12;

  private final FilterStage stage;
  private final Slots slots;

  DenialReader(FilterStage stage, Slots slots) {
    this.stage = stage;
    this.slots = slots;
  }

  int drain(Map<FilterPoint, ForcedPoint> points, Consumer<Denial> consumer) {
    return stage.drain(event -> consumer.accept(denial(event, points)));
  }

  private Denial denial(FilterEventRecord event, Map<FilterPoint, ForcedPoint> points) {
    ForcedPoint point = points.get(event.point());
    FilterReason reason = FilterReason.of(event.u32("reason"));
    return new Denial(
        event.timeNanos(),
        point == null ? "interface " + event.point().ifindex() : point.wanted().name(),
        point == null ? "" : point.wanted().pod(),
        reason.isOdd() ? "" : slots.ruleAt(event.u32("slot")),
        event.u32("monitor") == 0 ? FilterMode.ENFORCE : FilterMode.MONITOR,
        reason,
        packet(event),
        event.u32("bytes"));
  }

  private static PacketFacts packet(FilterEventRecord event) {
    int flags = event.u8("flags");
    boolean ports = (flags & HAS_PORTS) != 0;
    boolean icmp = (flags & HAS_ICMP) != 0;
    return new PacketFacts(
        address(event, "source_be"),
        address(event, "destination_be"),
        event.u8("protocol"),
        fragment(event.u8("fragment")),
        ports ? event.port("source_port") : PacketFacts.ABSENT,
        ports || icmp ? event.port("destination_port") : PacketFacts.ABSENT,
        (flags & OPENS) != 0 ? Opening.OPENS : Opening.NO);
  }

  /** {@code enum filter_fragment}. */
  private static FragmentKind fragment(int number) {
    return switch (number) {
      case 0 -> FragmentKind.WHOLE;
      case 1 -> FragmentKind.FIRST;
      default -> FragmentKind.LATER;
    };
  }

  private static IpAddress address(FilterEventRecord event, String field) {
    byte[] raw = event.address(field);
    return event.u8("family") == 0
        ? IpAddress.of(Arrays.copyOfRange(raw, V4_AT, raw.length))
        : IpAddress.of(raw);
  }
}
