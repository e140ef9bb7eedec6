package dev.shunt.cluster.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When what policies select changed, with a bounded memory of namespaces. */
class RevisionsTest {
  private final Revisions revisions = new Revisions();

  @Test
  void changed_oneNamespace_othersKeepTheirs() {
    revisions.changed("shop");
    revisions.changed("lab");

    assertThat(revisions.of("shop")).isEqualTo(1);
    assertThat(revisions.of("lab")).isEqualTo(2);
    assertThat(revisions.of("bank")).isZero();
  }

  @Test
  void changed_moreNamespacesThanAreRemembered_asIfAllChanged() {
    for (int i = 0; i < Revisions.NAMESPACES_MAX; i++) {
      revisions.changed("job-" + i);
    }
    assertThat(revisions.of("shop")).isZero();

    revisions.changed("one-more");

    assertThat(revisions.of("shop")).isEqualTo(revisions.latest());
    assertThat(revisions.of("job-0")).isEqualTo(revisions.latest());
  }

  @Test
  void changed_anyNamespaces_noChangeIsForgotten() {
    Random random = new Random(5);
    Map<String, Long> exact = new HashMap<>();
    for (int i = 0; i < 3 * Revisions.NAMESPACES_MAX; i++) {
      String namespace = "job-" + random.nextInt(2 * Revisions.NAMESPACES_MAX);
      revisions.changed(namespace);
      exact.put(namespace, revisions.latest());
    }

    assertThat(exact)
        .allSatisfy(
            (name, last) -> assertThat(revisions.of(name)).isBetween(last, revisions.latest()));
  }
}
