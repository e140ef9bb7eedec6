package dev.shunt.datapath.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.Arrays;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class BtfTest {
  private static final byte[] ELF = TestObjects.compile("basic");
  private static final Btf BTF = Btf.ofObject(ELF);

  @Test
  void members_struct_haveOffsetSizeAndType() {
    assertThat(BTF.sizeOf("table_value")).isEqualTo(16);
    assertThat(BTF.members("table_value"))
        .containsExactly(
            entry("square", new Btf.Member(0, 8, "__u64")),
            entry("port", new Btf.Member(8, 2, "__u16")),
            entry("bytes", new Btf.Member(10, 6, "")));
  }

  @Test
  void members_unionInsideStruct_isFlattened() {
    assertThat(BTF.members("bpf_sock_ops"))
        .contains(
            entry("op", new Btf.Member(0, 4, "__u32")),
            entry("args", new Btf.Member(4, 16, "")),
            entry("reply", new Btf.Member(4, 4, "__u32")),
            entry("family", new Btf.Member(20, 4, "__u32")));
  }

  @Test
  void enumerators_named_haveValues() {
    assertThat(BTF.enumerators("color"))
        .containsExactly(entry("COLOR_RED", 0L), entry("COLOR_GREEN", 5L));
  }

  @Test
  void variables_sections_haveSymbolOffsets() {
    assertThat(BTF.variables(".rodata").keySet()).containsExactlyInAnyOrder("step", "start");
    assertThat(BTF.variable("start")).isEqualTo(new Btf.Variable(".rodata", 8, 8));
    assertThat(BTF.variables(".data").keySet()).containsExactlyInAnyOrder("favourite", "limit");
    assertThat(BTF.variables(".bss").values().stream().map(Btf.Variable::offset).distinct().count())
        .isEqualTo(5);
  }

  @Test
  void sizeOf_unknownStruct_isNamedInTheError() {
    assertThatThrownBy(() -> BTF.sizeOf("absent"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("struct absent is not in the BTF");
  }

  @Test
  void ofObject_notElf_isRefused() {
    assertThatThrownBy(() -> Btf.ofObject(new byte[100]))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("ENOEXEC");
  }

  @Test
  void ofObject_cutShort_isRefused() {
    assertThatThrownBy(() -> Btf.ofObject(Arrays.copyOf(ELF, 4000)))
        .isInstanceOf(BpfException.class);
  }
}
