package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.FairTable.Bounds;
import dev.shunt.observe.FairTable.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who gets room in a table that is full. */
class FairTableTest {
  private static final String FLOOD = "flood";
  private static final String SHOP = "shop";
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final int ALL = 6;

  private final List<Cause> forgotten = new ArrayList<>();
  private long now;
  private final FairTable<String, String> table = table(ALL);

  private FairTable<String, String> table(int each) {
    return new FairTable<>(new Bounds(ALL, each, IDLE), () -> now, forgotten::add);
  }

  /** Whether the value of this key is kept; it is its owner's name. */
  private boolean keeps(String owner, String key) {
    return table.use(owner, key, () -> owner).isPresent();
  }

  /** How many of so many are kept. */
  private int fill(String owner, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      kept += keeps(owner, owner + i) ? 1 : 0;
    }
    return kept;
  }

  private List<String> keys() {
    TreeMap<String, String> all = new TreeMap<>();
    table.forEach(all::put);
    return List.copyOf(all.keySet());
  }

  @Test
  void owner_alone_hasAllTheRoomAndNoMore() {
    assertThat(fill(FLOOD, ALL)).isEqualTo(ALL);

    assertThat(keeps(FLOOD, "one more")).isFalse();
    assertThat(keeps(FLOOD, "flood0")).isTrue();
    assertThat(keys()).hasSize(ALL);
    assertThat(forgotten).isEmpty();
  }

  @Test
  void owner_withABoundOfItsOwn_leavesTheRest() {
    FairTable<String, String> bounded = table(2);
    assertThat(bounded.use(FLOOD, "a", () -> "")).isPresent();
    assertThat(bounded.use(FLOOD, "b", () -> "")).isPresent();

    assertThat(bounded.use(FLOOD, "c", () -> "")).isEmpty();
    assertThat(bounded.use(SHOP, "d", () -> "")).isPresent();
  }

  @Test
  void newcomer_afterAFlood_takesWhatTheFloodUsedLeastRecently() {
    assertThat(fill(FLOOD, ALL)).isEqualTo(ALL);
    assertThat(keeps(FLOOD, "flood0")).isTrue();

    assertThat(fill(SHOP, 2)).isEqualTo(2);
    assertThat(keys()).containsExactly("flood0", "flood3", "flood4", "flood5", "shop0", "shop1");
    assertThat(forgotten).containsExactly(Cause.SHARE, Cause.SHARE);
  }

  @Test
  void owners_whoWantMoreThanTheirShare_takeNothingFromEachOther() {
    assertThat(fill(FLOOD, ALL)).isEqualTo(ALL);
    assertThat(fill(SHOP, ALL)).isEqualTo(ALL / 2);
    List<String> shared = keys();

    assertThat(fill(FLOOD, ALL)).isEqualTo(ALL / 2);
    assertThat(fill(SHOP, ALL)).isEqualTo(ALL / 2);
    assertThat(keys()).isEqualTo(shared);
  }

  @Test
  void owners_asManyAsThereIsRoomFor_keepOneEach() {
    for (int i = 0; i < ALL; i++) {
      assertThat(keeps("owner" + i, "key" + i)).isTrue();
    }

    assertThat(keeps(SHOP, SHOP)).isFalse();
    assertThat(keeps("owner0", "a second one")).isFalse();
  }

  @Test
  void value_notUsedForLong_leavesItsRoom() {
    assertThat(fill(FLOOD, ALL)).isEqualTo(ALL);
    now += IDLE.toNanos() - 1;
    assertThat(keeps(FLOOD, "flood2")).isTrue();
    assertThat(keeps(FLOOD, "new")).isFalse();
    now += 1;

    assertThat(keeps(FLOOD, "new")).isTrue();
    assertThat(keys()).containsExactly("flood2", "new");
    assertThat(forgotten).hasSize(ALL - 1).containsOnly(Cause.IDLE);
  }

  @Test
  void visit_ofWhatIsIdle_doesNotShowIt() {
    assertThat(fill(SHOP, 1)).isEqualTo(1);
    now += IDLE.toNanos();

    assertThat(keys()).isEmpty();
  }

  @Test
  void key_ofAnother_isSharedAndStaysItsOwners() {
    assertThat(keeps(SHOP, "both")).isTrue();

    assertThat(table.use(FLOOD, "both", () -> FLOOD)).isEqualTo(Optional.of(SHOP));
    assertThat(keys()).containsExactly("both");
  }
}
