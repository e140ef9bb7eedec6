package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.EventRecord;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.maps.EndpointPoliciesMap;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.observe.EventType;
import dev.shunt.observe.NodeEventView;
import dev.shunt.observe.Step;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a subscriber is told of records of the ring. */
class EventHubIT {
  private final Path pins = Path.of("/sys/fs/bpf", "events-it-" + ProcessHandle.current().pid());
  private final List<NodeEventView> seen = new CopyOnWriteArrayList<>();
  private SockmapDatapath datapath;
  private EventHub hub;

  @BeforeEach
  void open() {
    CgroupTree tree = CgroupTree.find().orElseThrow();
    datapath = SockmapDatapath.open(new Libbpf(), new PinDirectory(pins), List.of());
    hub =
        new EventHub(
            datapath.maps(), new RowTranslation(cookie -> "", id -> "endpoint-" + id, tree));
    hub.subscribe(Set.of(), seen::add);
  }

  @AfterEach
  void close() {
    hub.close();
    datapath.undo();
  }

  @Test
  void record_ofTheSelfTest_isHidden() {
    hub.onRecord(record(EventType.OPEN, EndpointPoliciesMap.SELF_TEST));
    hub.onRecord(record(EventType.OPEN, EndpointPoliciesMap.SELF_TEST - 1));

    assertThat(seen)
        .extracting(event -> event.connection().placement().endpoint())
        .containsExactly("endpoint-1022");
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN, PAIRED",
    "ADOPT, ADOPTED",
    "JOIN, JOINED",
    "SPILL, LEAVING",
    "REFUSE, PAIRED",
    "CLOSE, UNPAIRED",
    "TRAIT, UNPAIRED",
  })
  void record_ofType_hasTheStepItLedTo(EventType type, Step step) {
    hub.onRecord(record(type, 1));

    assertThat(seen)
        .extracting(event -> event.connection().progress().step())
        .containsExactly(step);
  }

  private static ByteBuffer record(EventType type, int endpoint) {
    ByteBuffer record = EventRecord.LAYOUT.allocate();
    record.putInt(EventRecord.LAYOUT.offset("type"), type.number());
    record.putInt(EventRecord.LAYOUT.offset("endpoint"), endpoint);
    return record;
  }
}
