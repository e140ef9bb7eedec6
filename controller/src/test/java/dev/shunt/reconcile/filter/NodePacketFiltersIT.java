package dev.shunt.reconcile.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterDirection;
import dev.shunt.desired.filter.FilterHook;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.FilterPlacement;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.FilterRule;
import dev.shunt.desired.filter.FilterSubject;
import dev.shunt.desired.filter.FragmentMatch;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.desired.filter.TrafficFilter;
import dev.shunt.desired.filter.XdpFallback;
import dev.shunt.reconcile.filter.FilterPointState.Attachment;
import dev.shunt.reconcile.filter.PacketFilters.FilterOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Filters on real interfaces: a node and a pod, each in a namespace of its own. */
class NodePacketFiltersIT {
  private static final String V4_POD = "10.9.0.2";
  private static final String V6_POD = "fd09::2";
  private static final int DENIED = 7001;
  private static final int OPEN = 7002;

  private final FilterBed bed = new FilterBed();
  private PacketFilters filters = bed.engine();

  @AfterEach
  void close() {
    bed.onNode(
        () -> {
          filters.remove();
          filters.close();
          return filters;
        });
    bed.close();
  }

  private FilterOutcome apply(TrafficFilter... wanted) {
    return bed.onNode(() -> filters.apply(List.of(wanted)));
  }

  private Attachment attachment() {
    return filters.points().get(0).attachment();
  }

  @Test
  void podIngress_deniesThePortOfBothFamilies() {
    apply(filter(pod(FilterDirection.INGRESS), destination(DENIED)));

    assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
    assertThat(bed.nodeReachesPod(V6_POD, DENIED)).isFalse();
    assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, OPEN))).isTrue();
    assertThat(bed.soon(() -> bed.nodeReachesPod(V6_POD, OPEN))).isTrue();
    assertThat(attachment()).isIn(Attachment.TCX, Attachment.CLSACT);
    assertThat(filters.points().get(0).name()).isEqualTo(bed.pod + "/ingress");
    assertThat(filters.counters().get(0).deniedPackets()).isEqualTo(2);
    List<Denial> denials = new ArrayList<>();
    filters.drainDenials(denials::add);
    assertThat(denials).hasSize(2);
    assertThat(denials.get(0).rule()).isEqualTo("default/web/deny");
    assertThat(denials.get(0).pod()).isEqualTo(bed.pod);
    assertThat(denials.get(0).packet().destination()).hasToString(V4_POD);
    assertThat(denials.get(0).packet().destinationPort()).isEqualTo(DENIED);
  }

  @Test
  void podEgress_deniesWhatThePodSends() {
    apply(filter(pod(FilterDirection.EGRESS), source(DENIED)));

    assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
    assertThat(bed.nodeReachesPod(V6_POD, DENIED)).isFalse();
    assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, OPEN))).isTrue();
  }

  @Test
  void xdp_onTheInterface_deniesWhatComesIn() {
    apply(filter(xdp(XdpFallback.NONE), source(DENIED)));

    assertThat(attachment()).isEqualTo(Attachment.XDP_NATIVE);
    assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
    assertThat(bed.nodeReachesPod(V6_POD, DENIED)).isFalse();
    assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, OPEN))).isTrue();
  }

  @Test
  void xdp_withoutDriverSupport_isGeneric() {
    FilterPlacement where =
        new FilterPlacement(
            FilterHook.XDP,
            FilterDirection.INGRESS,
            FilterSubject.INTERFACES,
            List.of("l?"),
            XdpFallback.NONE);

    apply(filter(where, destination(DENIED)));

    assertThat(attachment()).isEqualTo(Attachment.XDP_GENERIC);
    assertThat(bed.nodeReachesItself("127.0.0.1", DENIED)).isFalse();
    assertThat(bed.nodeReachesItself("::1", DENIED)).isFalse();
    assertThat(bed.soon(() -> bed.nodeReachesItself("127.0.0.1", OPEN))).isTrue();
  }

  @Test
  void clsact_bothWays_deniesAsTcxDoes() {
    try (FilterBed.Clsact attached =
        bed.clsact(pod(FilterDirection.INGRESS), destination(DENIED))) {
      assertThat(attached.ifindex()).isPositive();
      assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
      assertThat(bed.nodeReachesPod(V6_POD, DENIED)).isFalse();
      assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, OPEN))).isTrue();
    }
    try (FilterBed.Clsact attached = bed.clsact(pod(FilterDirection.EGRESS), source(DENIED))) {
      assertThat(attached.ifindex()).isPositive();
      assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
      assertThat(bed.nodeReachesPod(V6_POD, DENIED)).isFalse();
      assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, OPEN))).isTrue();
    }
    assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, DENIED))).isTrue();
  }

  @Test
  void xdp_interfaceTaken_isReportedAndFilteredAtTc() {
    PacketFilters other = bed.neighbour();
    bed.onNode(() -> other.apply(List.of(filter(xdp(XdpFallback.NONE), destination(OPEN)))));
    try {
      apply(filter(xdp(XdpFallback.NONE), source(DENIED)));
      assertThat(attachment()).isEqualTo(Attachment.NONE);
      assertThat(filters.points().get(0).condition()).startsWith("busy: ").contains("EBUSY");
      assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, DENIED))).isTrue();

      apply(filter(xdp(XdpFallback.TC), source(DENIED)));
      assertThat(attachment()).isIn(Attachment.TCX, Attachment.CLSACT);
      assertThat(filters.points().get(0).condition()).startsWith("busy: ");
      assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
    } finally {
      bed.onNode(
          () -> {
            other.remove();
            other.close();
            return other;
          });
    }
  }

  @Test
  void process_thatIsKilled_leavesFiltersThatTheNextTakesOver() {
    TrafficFilter filter = filter(xdp(XdpFallback.NONE), source(DENIED));
    apply(filter);
    filters.close(); // all that is left of a killed process: its pins

    assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
    filters = bed.onNode(bed::engine);
    apply(filter);

    assertThat(filters.points().get(0).condition()).isEmpty();
    assertThat(attachment()).isEqualTo(Attachment.XDP_NATIVE);
    assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
    apply();
    assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, DENIED))).isTrue();
  }

  @Test
  void version_withAnotherLayout_leavesFiltersThatStayInForceTillTheyAreReplaced() {
    TrafficFilter filter = filter(xdp(XdpFallback.NONE), source(DENIED));
    apply(filter);
    filters.close();
    bed.renameLayout("filters-v0");

    filters = bed.onNode(bed::engine);
    assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
    apply(filter);

    assertThat(filters.points().get(0).condition()).isEmpty();
    assertThat(attachment()).isEqualTo(Attachment.XDP_NATIVE);
    assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
    assertThat(filters.counters().get(0).deniedPackets()).as("by the new program").isEqualTo(1);
    apply();
    assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, DENIED))).isTrue();
  }

  @Test
  void change_tooManyRules_isRefusedAndTheOldOnesStay() {
    FilterPlacement where = pod(FilterDirection.INGRESS);
    apply(filter(where, destination(DENIED)));
    List<FilterRule> many =
        IntStream.range(0, 1024)
            .mapToObj(i -> rule("r" + i, destination(OPEN), FilterAction.DENY))
            .toList();
    TrafficFilter large =
        new TrafficFilter(
            new FilterName("default", "large"),
            where,
            0,
            FilterMode.ENFORCE,
            Lockout.REFUSED,
            many);

    FilterOutcome outcome = apply(filter(where, destination(DENIED)), large);

    assertThat(outcome.refused().get(large.name())).contains("1025").contains("old rules stay");
    assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
    assertThat(bed.soon(() -> bed.nodeReachesPod(V4_POD, OPEN))).isTrue();
  }

  @Test
  void rules_withoutEffect_areRemarkedOnByName() {
    TrafficFilter filter =
        new TrafficFilter(
            new FilterName("default", "web"),
            pod(FilterDirection.INGRESS),
            0,
            FilterMode.ENFORCE,
            Lockout.REFUSED,
            List.of(
                rule("all", FilterMatch.EVERYTHING, FilterAction.DENY),
                rule("late", destination(OPEN), FilterAction.ALLOW)));

    List<String> warnings = apply(filter).warnings().get(filter.name());

    assertThat(warnings).anyMatch(w -> w.contains("rule late: never decides: rule all covers it"));
    assertThat(warnings).anyMatch(w -> w.contains("rule all: fail-safe ports"));
  }

  @Test
  void tc_ofTheDefaultRoute_findsItsInterface() {
    bed.onNode(() -> FilterBed.ip("route", "add", "default", "via", V4_POD));
    FilterPlacement where =
        new FilterPlacement(
            FilterHook.TC,
            FilterDirection.EGRESS,
            FilterSubject.DEFAULT_ROUTE,
            List.of(),
            XdpFallback.NONE);

    apply(filter(where, destination(DENIED)));

    assertThat(filters.points().get(0).name()).isEqualTo(bed.device + "/egress");
    assertThat(bed.nodeReachesPod(V4_POD, DENIED)).isFalse();
  }

  private FilterPlacement pod(FilterDirection direction) {
    return new FilterPlacement(
        FilterHook.TC, direction, FilterSubject.PODS, List.of(bed.pod), XdpFallback.NONE);
  }

  private FilterPlacement xdp(XdpFallback fallback) {
    return new FilterPlacement(
        FilterHook.XDP,
        FilterDirection.INGRESS,
        FilterSubject.INTERFACES,
        List.of(bed.device),
        fallback);
  }

  static TrafficFilter filter(FilterPlacement where, FilterMatch match) {
    return new TrafficFilter(
        new FilterName("default", "web"),
        where,
        0,
        FilterMode.ENFORCE,
        Lockout.REFUSED,
        List.of(rule("deny", match, FilterAction.DENY)));
  }

  private static FilterRule rule(String name, FilterMatch match, FilterAction action) {
    return new FilterRule(name, match, action, Optional.empty());
  }

  private static FilterMatch destination(int port) {
    return udp(List.of(), List.of(new PortRange(port, port)));
  }

  private static FilterMatch source(int port) {
    return udp(List.of(new PortRange(port, port)), List.of());
  }

  private static FilterMatch udp(List<PortRange> from, List<PortRange> to) {
    return new FilterMatch(
        List.of(),
        List.of(),
        List.of(),
        FilterProtocol.UDP,
        from,
        to,
        List.of(),
        FragmentMatch.ANY);
  }
}
