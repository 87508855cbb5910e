hsx_crc32.v
hsx_mirror.v
hsx_soc.v
hsx_soc_page.v
hsx_soc_ram.v
hsx_uart_bridge.v
hsx_uart_rx.v
hsx_uart_tx.v
