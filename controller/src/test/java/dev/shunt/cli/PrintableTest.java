package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.v1.TraceCollection;
import dev.shunt.v1.TraceEvent;
import dev.shunt.v1.TraceProfile;
import dev.shunt.v1.TraceSocket;
import dev.shunt.v1.TraceStack;
import dev.shunt.v1.TraceTls;
import org.junit.jupiter.api.Test;

/** Terminals do not get to see what they would obey. */
class PrintableTest {
  private static final String EVIL = "a\u001b[2J\u009b2J\u007f\r\nb";
  private static final TraceSocket PROCESS =
      TraceSocket.newBuilder().setPid(1).setCommand(EVIL).build();

  private final TraceRows rows = new TraceRows(Paint.PLAIN);

  @Test
  void controls_ofBothKinds_areReplaced() {
    assertThat(Printable.of(EVIL)).isEqualTo("a?[2J?2J???b");
    assertThat(Printable.of("größe/日本 ok")).isEqualTo("größe/日本 ok");
  }

  @Test
  void rows_withNamesOfPrograms_haveNone() {
    TraceEvent collection =
        TraceEvent.newBuilder()
            .setJvm(TraceCollection.newBuilder().setProcess(PROCESS).setCollector(EVIL))
            .build();
    TraceEvent tls =
        TraceEvent.newBuilder()
            .setTls(TraceTls.newBuilder().setSocket(PROCESS).setServerName(EVIL))
            .build();

    for (TraceEvent event : new TraceEvent[] {collection, tls}) {
      assertThat(rows.text(event).stripTrailing())
          .doesNotContainPattern("[\\p{Cntrl}\\x80-\\x9f]")
          .contains("a?[2J?2J???b");
    }
  }

  @Test
  void stacks_withNamesOfPrograms_stayOneALine() {
    FoldedStacks stacks = new FoldedStacks();
    stacks.add(
        TraceProfile.newBuilder()
            .addStacks(TraceStack.newBuilder().setCommand(EVIL).addFrames("main").setCount(2))
            .build());

    assertThat(stacks.text()).isEqualTo("a?[2J?2J???b;main 2\n");
  }
}
