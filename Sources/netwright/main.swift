import NetwrightCommand

netwrightMain()
