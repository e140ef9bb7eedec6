package dev.shunt.observe;

import static dev.shunt.observe.Samples.connection;
import static dev.shunt.observe.Samples.progress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.ConnectionVisitor.Visit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionFilterTest {
  private static final ConnectionView YOUNG =
      connection(1, "10.0.0.1:80", "10.0.0.2:5000", progress(Step.PAIRED, Reason.TOO_YOUNG));
  private static final ConnectionView JOINED =
      connection(2, "10.0.0.3:81", "10.0.0.1:80", progress(Step.JOINED, Reason.NONE));
  private static final ConnectionView REMOTE =
      connection(3, "10.0.0.1:5001", "192.0.2.1:443", progress(Step.UNPAIRED, Reason.REMOTE_PEER));

  @Test
  void select_port_localOrRemote() {
    assertThat(pass(Samples.onPort(80))).containsExactly(YOUNG, JOINED);
  }

  @Test
  void select_allPartsGiven_allMustMatch() {
    assertThat(pass(filter("10.0.0.1", new Placement("host", "web", ""), Set.of(Step.PAIRED), 0)))
        .containsExactly(YOUNG);
    assertThat(pass(filter("10.0.0.1", new Placement("pod", "", ""), Set.of(), 0))).isEmpty();
    assertThat(pass(filter("10.0.0.1", new Placement("", "db", ""), Set.of(), 0))).isEmpty();
  }

  @Test
  void select_limit_stopsTheWalkAtTheLastOne() {
    List<ConnectionView> seen = new ArrayList<>();
    ConnectionVisitor visitor =
        filter("10.0.0.1", new Placement("", "", ""), Set.of(), 2)
            .select(
                connection -> {
                  seen.add(connection);
                  return Visit.CONTINUE;
                });

    assertThat(visitor.visit(YOUNG)).isEqualTo(Visit.CONTINUE);
    assertThat(visitor.visit(JOINED)).isEqualTo(Visit.STOP);
    assertThat(seen).containsExactly(YOUNG, JOINED);
  }

  private static ConnectionFilter filter(
      String address, Placement placement, Set<Step> steps, int limit) {
    return new ConnectionFilter(
        0, Optional.of(AddressText.parse(address)), placement, steps, Set.of(), limit);
  }

  private static List<ConnectionView> pass(ConnectionFilter filter) {
    List<ConnectionView> seen = new ArrayList<>();
    InMemoryNode node = new InMemoryNode();
    node.setConnections(List.of(YOUNG, JOINED, REMOTE));
    node.connections(
        filter,
        connection -> {
          seen.add(connection);
          return Visit.CONTINUE;
        });
    return seen;
  }
}
