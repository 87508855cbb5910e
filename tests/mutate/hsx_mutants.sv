// SPDX-License-Identifier: Apache-2.0
// Which of the mutants is there; 0: none. It stays what it is.
package hsx_mutants;
  import "DPI-C" function shortint unsigned hsx_mutant_number();
  shortint unsigned number = hsx_mutant_number();
endpackage
