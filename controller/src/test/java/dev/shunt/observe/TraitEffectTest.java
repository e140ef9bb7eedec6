package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraitEffectTest {
  @ParameterizedTest
  @CsvSource({
    "SPLICE,KEPT_ON_TCP",
    "FIONREAD,KEPT_ON_TCP",
    "OOB,KEPT_ON_TCP",
    "ZEROCOPY,KEPT_ON_TCP",
    "INQ,KEPT_ON_TCP",
    "PEEK_OFF,KEPT_ON_TCP",
    "SMALL_WRITES,LONGER_PROBATION",
    "ONE_REQUEST,NOT_WAITED_FOR",
    "EXEMPT,KEPT_ON_TCP",
    "FORCE,FORCED"
  })
  void of_traitAlone_itsOwnEffect(Trait trait, TraitEffect effect) {
    assertThat(TraitEffect.of(trait, EnumSet.of(trait), Set.of())).isEqualTo(effect);
  }

  @Test
  void of_policy_outweighsWhatWasLearned() {
    assertThat(TraitEffect.of(Trait.SPLICE, EnumSet.of(Trait.SPLICE, Trait.FORCE), Set.of()))
        .isEqualTo(TraitEffect.OVERRULED);
    assertThat(
            TraitEffect.of(
                Trait.ONE_REQUEST, EnumSet.of(Trait.ONE_REQUEST, Trait.EXEMPT), Set.of()))
        .isEqualTo(TraitEffect.KEPT_ON_TCP);
  }

  @Test
  void of_fionreadWhereTheKernelIsRight_none() {
    assertThat(TraitEffect.of(Trait.FIONREAD, EnumSet.of(Trait.FIONREAD), Set.of(Trait.FIONREAD)))
        .isEqualTo(TraitEffect.NONE);
  }
}
