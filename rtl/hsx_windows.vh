// SPDX-License-Identifier: Apache-2.0
// Register windows by index, to be included inside a module with a parameter INDEX_BITS.
// A window's number is bits 13 to 6 of its address, 0x40 and up. Up to 64 windows are
// indexed by the low bits of the number, 128 by seven bits, more by all eight (then the
// first quarter is not used).

/* verilator lint_off UNUSEDSIGNAL */ // the other bits are the same for all windows
function [INDEX_BITS-1:0] window_index(input [7:0] number);
  begin
    window_index = number[INDEX_BITS-1:0];
    if (INDEX_BITS == 7)
      window_index[INDEX_BITS-1] = number[7];
  end
endfunction
/* verilator lint_on UNUSEDSIGNAL */

function [7:0] window_number(input [INDEX_BITS-1:0] index);
  begin
    window_number = (INDEX_BITS < 7) ? 8'h40 : 8'h00;
    window_number[INDEX_BITS-1:0] = window_number[INDEX_BITS-1:0] | index;
    if (INDEX_BITS == 7)
      window_number[7:6] = {index[INDEX_BITS-1], !index[INDEX_BITS-1]};
  end
endfunction
