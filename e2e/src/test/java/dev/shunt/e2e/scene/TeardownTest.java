package dev.shunt.e2e.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeardownTest {
  private final List<String> closed = new ArrayList<>();
  private final Teardown teardown = new Teardown();

  @Test
  void close_severalResources_closesNewestFirstAndOnce() {
    teardown.add(() -> closed.add("first"));
    teardown.add(() -> closed.add("second"));

    teardown.close();
    teardown.close();

    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void close_oneFails_closesTheOthersAndTells() {
    teardown.add(() -> closed.add("first"));
    teardown.add(
        () -> {
          throw new IOException("busy");
        });

    assertThatThrownBy(teardown::close)
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("busy");
    assertThat(closed).containsExactly("first");
  }

  @Test
  void add_afterClose_closesTheResourceAtOnce() {
    teardown.close();

    assertThatThrownBy(() -> teardown.add(() -> closed.add("late")))
        .isInstanceOf(SceneException.class);
    assertThat(closed).containsExactly("late");
  }
}
