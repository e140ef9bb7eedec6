package dev.shunt.desired.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.desired.PortRange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReferenceMatcherTest {
  private static final FilterName FILTER = new FilterName("default", "web");

  @Test
  void explain_firstOfTwoMatches_decides() {
    PointRules rules =
        rules(
            rule("net", FilterAction.DENY, FilterMode.ENFORCE, tcp("10.0.0.0/8", 80)),
            rule("all", FilterAction.ALLOW, FilterMode.ENFORCE, FilterMatch.EVERYTHING));

    Explanation inside = new ReferenceMatcher(rules).explain(packet("10.1.2.3", 80));
    Explanation outside = new ReferenceMatcher(rules).explain(packet("11.1.2.3", 80));

    assertThat(inside.decided().map(PointRule::id)).contains("default/web/net");
    assertThat(inside.action()).isEqualTo(FilterAction.Kind.DENY);
    assertThat(outside.decided().map(PointRule::id)).contains("default/web/all");
    assertThat(outside.passedOver()).containsExactly("default/web/net: remote 11.1.2.3");
  }

  @Test
  void explain_monitorRuleFirst_isNamedAndPassedOver() {
    PointRules rules =
        rules(
            rule("try", FilterAction.DENY, FilterMode.MONITOR, FilterMatch.EVERYTHING),
            rule("all", FilterAction.ALLOW, FilterMode.ENFORCE, FilterMatch.EVERYTHING));

    Explanation explanation = new ReferenceMatcher(rules).explain(packet("10.1.2.3", 80));

    assertThat(explanation.monitored().map(PointRule::id)).contains("default/web/try");
    assertThat(explanation.decided().map(PointRule::id)).contains("default/web/all");
  }

  @Test
  void explain_failSafePort_deniedOnlyWithLockoutAllowed() {
    PointRule deny = rule("all", FilterAction.DENY, FilterMode.ENFORCE, FilterMatch.EVERYTHING);
    PointRule harsh = new PointRule(FILTER, deny.rule(), FilterMode.ENFORCE, Lockout.ALLOWED);

    assertThat(new ReferenceMatcher(rules(deny)).explain(packet("10.1.2.3", 22)).action())
        .isEqualTo(FilterAction.Kind.ALLOW);
    assertThat(new ReferenceMatcher(rules(harsh)).explain(packet("10.1.2.3", 22)).action())
        .isEqualTo(FilterAction.Kind.DENY);
  }

  @Test
  void explain_laterFragment_matchesNoPort() {
    PointRules rules =
        rules(rule("net", FilterAction.DENY, FilterMode.ENFORCE, tcp("10.0.0.0/8", 80)));
    PacketFacts later =
        new PacketFacts(
            IpAddress.parse("10.1.2.3"),
            IpAddress.parse("10.0.0.1"),
            6,
            FragmentKind.LATER,
            PacketFacts.ABSENT,
            PacketFacts.ABSENT,
            PacketFacts.Opening.NO);

    Explanation explanation = new ReferenceMatcher(rules).explain(later);

    assertThat(explanation.decided()).isEmpty();
    assertThat(explanation.passedOver()).containsExactly("default/web/net: no transport header");
  }

  @Test
  void cidr_withHostBits_namesTheNetwork() {
    assertThatThrownBy(() -> Cidr.parse("10.1.2.3/8")).hasMessageContaining("10.0.0.0/8");
    assertThatThrownBy(() -> Cidr.parse("localhost")).hasMessageContaining("localhost");
    assertThat(Cidr.parse("fd00::/8").contains(IpAddress.parse("fd12::1"))).isTrue();
    assertThat(Cidr.parse("::/0").contains(IpAddress.parse("10.0.0.1"))).isFalse();
    assertThat(Cidr.parse("0.0.0.0/0").contains(IpAddress.parse("10.0.0.1"))).isTrue();
    assertThat(Cidr.parse("::ffff:1.2.3.4").family()).isEqualTo(IpFamily.V6);
  }

  private static PointRules rules(PointRule... rules) {
    return new PointRules(FilterDirection.INGRESS, List.of(rules), FailSafe.DEFAULT);
  }

  private static PointRule rule(
      String name, FilterAction action, FilterMode mode, FilterMatch match) {
    return new PointRule(
        FILTER, new FilterRule(name, match, action, Optional.empty()), mode, Lockout.REFUSED);
  }

  private static FilterMatch tcp(String remote, int port) {
    return new FilterMatch(
        List.of(Cidr.parse(remote)),
        List.of(),
        List.of(),
        FilterProtocol.TCP,
        List.of(),
        List.of(new PortRange(port, port)),
        List.of(),
        FragmentMatch.ANY);
  }

  private static PacketFacts packet(String source, int port) {
    return new PacketFacts(
        IpAddress.parse(source),
        IpAddress.parse("10.0.0.1"),
        6,
        FragmentKind.WHOLE,
        40000,
        port,
        PacketFacts.Opening.OPENS);
  }
}
