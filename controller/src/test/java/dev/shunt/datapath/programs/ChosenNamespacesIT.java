package dev.shunt.datapath.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.maps.ChosenNamespacesMap;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of a module that says which network namespaces its readers see. */
class ChosenNamespacesIT {
  private static final int READER = 1;
  private static final int OTHER = 0;
  private static final int OTHERS_FROM = 100_000;

  private final BpfObject object = new Libbpf().open("trace_connect", TraceProgram.CONNECT.image());
  private ChosenNamespacesMap chosen;

  @BeforeEach
  void load() {
    TraceProgram.CONNECT.prepare(object);
    object.load();
    chosen = new ChosenNamespacesMap(object.map("chosen"));
  }

  @AfterEach
  void close() {
    object.close();
  }

  private static Map<Long, Integer> percents(long from, long to, int percent) {
    return LongStream.range(from, to).boxed().collect(Collectors.toMap(c -> c, c -> percent));
  }

  @Test
  void replace_noRoomForAll_doesWhatNeedsNoneAndCountsTheRest() {
    chosen.replace(READER, percents(0, 20, 100));
    long others = ChosenNamespacesMap.ROWS_MAX - 25;
    chosen.replace(OTHER, percents(OTHERS_FROM, OTHERS_FROM + others, 100));
    Map<Long, Integer> kept = percents(10, 20, 50);
    Map<Long, Integer> wanted = new HashMap<>(kept);
    wanted.putAll(percents(1000, 1020, 100)); // ten that go and five that are free make room for 15

    assertThatThrownBy(() -> chosen.replace(READER, wanted))
        .isInstanceOf(BpfException.class)
        .hasMessage("write 5 of 30 rows of map chosen failed: too big (E2BIG/7)");

    assertThat(chosen.rows(READER)).hasSize(25).containsAllEntriesOf(kept);
    chosen.replace(OTHER, Map.of());
    chosen.replace(READER, wanted);
    assertThat(chosen.rows(READER)).isEqualTo(wanted);
  }
}
