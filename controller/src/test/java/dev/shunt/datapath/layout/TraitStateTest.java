package dev.shunt.datapath.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TraitStateTest {
  private static final TraitState BOTH =
      TraitState.of(TraitState.FORCE)
          .with(0, new TraitState.Use(-50, 10, 3))
          .with(6, new TraitState.Use(20, 30, 1));

  @Test
  void since_someOlder_dropsThoseAndKeepsPolicy() {
    TraitState kept = BOTH.since(11);

    assertThat(kept.has(0)).isFalse();
    assertThat(kept.uses().get(0)).isEqualTo(TraitState.Use.NEVER);
    assertThat(kept.has(6)).isTrue();
    assertThat(kept.traits() & TraitState.FORCE).isEqualTo(TraitState.FORCE);
    assertThat(BOTH.since(10)).isEqualTo(BOTH);
  }

  @Test
  void configured_another_keepsWhatWasLearned() {
    TraitState exempt = BOTH.configured(TraitState.EXEMPT);

    assertThat(exempt.traits()).isEqualTo(TraitState.EXEMPT | 1 | 1 << 6);
    assertThat(exempt.uses()).isEqualTo(BOTH.uses());
  }

  @Test
  void encode_decoded_isTheSame() {
    assertThat(TraitState.decode(BOTH.encode())).isEqualTo(BOTH);
  }

  @Test
  void new_wrongNumberOfUses_refused() {
    assertThatThrownBy(() -> new TraitState(0, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("uses: 0 (expected: 8)");
  }
}
