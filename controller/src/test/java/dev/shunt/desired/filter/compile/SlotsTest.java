package dev.shunt.desired.filter.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.FilterRule;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.desired.filter.PointRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static PointRule rule(String name) {
    return new PointRule(
        new FilterName("default", "web"),
        new FilterRule(name, FilterMatch.EVERYTHING, FilterAction.DENY, Optional.empty()),
        FilterMode.ENFORCE,
        Lockout.REFUSED);
  }

  @Test
  void of_ruleKnownBefore_keepsItsNumberAndOthersGetFreeOnes() {
    Slots slots = new Slots(Map.of("default/web/b", Slots.FIRST + 1));

    assertThat(slots.of(rule("a"))).isEqualTo(Slots.FIRST);
    assertThat(slots.of(rule("b"))).isEqualTo(Slots.FIRST + 1);
    assertThat(slots.of(rule("c"))).isEqualTo(Slots.FIRST + 2);
    assertThat(slots.ruleAt(Slots.FIRST + 1)).isEqualTo("default/web/b");
    assertThat(slots.taken()).containsEntry("default/web/b", Slots.FIRST + 1).hasSize(3);
  }

  @Test
  void retain_ruleKnownBeforeThatIsGone_freesItsNumber() {
    Slots slots = new Slots(Map.of("default/web/gone", Slots.FIRST));

    assertThat(slots.retain(List.of(rule("a")))).containsExactly(Slots.FIRST);
    assertThat(slots.of(rule("a"))).isEqualTo(Slots.FIRST);
  }

  @Test
  void new_numbersOfNoRule_areLeftOut() {
    assertThat(new Slots(Map.of("default/web/a", 0, "default/web/b", Slots.MAX)).taken()).isEmpty();
  }

  @Test
  void new_oneNumberTwice_belongsToOneRule() {
    assertThat(new Slots(Map.of("default/web/a", 9, "default/web/b", 9)).taken()).hasSize(1);
  }
}
